#include "service/history.hpp"

#include "service/attempt_words.hpp"
#include "service/job_unit.hpp"
#include "service/unit.hpp"
#include "service/waiting_words.hpp"
#include "trigger/walk.hpp"

#include <algorithm>
#include <exception>

namespace foliot::service {
namespace {

using store::RunView;

constexpr std::size_t kLiveTold = 20;

store::JobRecord find_record(store::Snapshot& snapshot, std::string_view id) {
    auto record = snapshot.latest_job(id);
    if (!record) throw job_not_found(id);
    return *std::move(record);
}

/// The last fire of the trigger that is due; nothing when the trigger has none or cannot be evaluated.
std::optional<Micros> last_due(const Job& job, Micros now) {
    if (job.state.next_fire && *job.state.next_fire > now) return std::nullopt;
    try {
        return trigger::last_before(job.definition.trigger, now + 1);
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

Micros latest_fire(store::Snapshot& snapshot, const Job& job, Micros now) {
    const bool may_owe = job.state.status == JobStatus::active || job.state.status == JobStatus::paused;
    const auto due = may_owe ? last_due(job, now) : std::nullopt;
    if (due && *due > job.state.cursor) return *due;
    const auto row = snapshot.last_row(job.state.key);
    return row ? row->nominal : now;
}

/// The row and what came of it, in order; runs by hand at the same instant are not of the chain.
std::vector<RunView> attempts_of(store::Snapshot& snapshot, const RunView& row) {
    std::vector<RunView> chain{row};
    for (RunView& run : snapshot.rows_at(row.job, row.nominal)) {
        const bool linked = run.parent && std::any_of(chain.begin(), chain.end(),
                                                      [&](const RunView& r) { return r.id == *run.parent; });
        if (linked) chain.push_back(std::move(run));
    }
    return chain;
}

/// What the row that broke the job says.
std::string broken_why(store::Snapshot& snapshot, const JobState& job) {
    constexpr std::string_view kPrefix = "trigger: ";
    if (job.status != JobStatus::broken) return "";
    const auto row = snapshot.last_row(job.key);
    if (!row || !row->reason.starts_with(kPrefix)) return "";
    return row->reason.substr(kPrefix.size());
}

/// Does the limit count runs of such a job?
bool limits(std::string_view key, const Definition& definition) {
    const auto is_tag = [&](const std::string& tag) { return key == "tag:" + tag; };
    return key == "running" || key == "module:" + definition.func.module ||
           std::any_of(definition.tags.begin(), definition.tags.end(), is_tag);
}

/// What of all that goes on is in the way of the job's runs.
void take_surroundings(store::Snapshot& snapshot, FireCase& fire) {
    fire.engine = snapshot.engine_state();
    fire.live = snapshot.live_runs(fire.record.job.state.key, kLiveTold);
    for (auto& slot : snapshot.slots()) {
        if (slot.used >= slot.cap && limits(slot.key, fire.record.job.definition)) fire.full.push_back(std::move(slot));
    }
}

/// The job that a run is of, be it deleted.
store::JobRecord record_of(store::Snapshot& snapshot, const RunView& run) {
    if (auto record = snapshot.job_record(run.job)) return *std::move(record);
    store::JobRecord record;
    if (auto job = snapshot.job(run.job)) record.job = *std::move(job);
    return record;
}

void take_row(store::Snapshot& snapshot, FireCase& fire, std::optional<RunView> row) {
    fire.row = std::move(row);
    if (fire.row) fire.attempts = attempts_of(snapshot, *fire.row);
}

bool has_not_begun(RunState state) {
    return state == RunState::waiting || state == RunState::blocked || state == RunState::ready;
}

}  // namespace

FireCase History::new_case() const {
    FireCase fire;
    fire.held = why_held_();
    fire.id_of = [&ids = store_.public_ids()](RunId run) { return ids.hex(raw(run)); };
    return fire;
}

FireReport History::explain(const Caller& caller, std::string_view job_id, std::optional<Micros> time) {
    require(caller, Power::read, "read jobs");
    FireReport report{new_case(), {}};
    FireCase& fire = report.fire;
    read(store_, [&](store::Snapshot& snapshot) {
        fire.now = store_.now();
        fire.record = find_record(snapshot, job_id);
        fire.time = time ? *time : latest_fire(snapshot, fire.record.job, fire.now);
        fire.broken_why = broken_why(snapshot, fire.record.job.state);
        take_surroundings(snapshot, fire);
        take_row(snapshot, fire, snapshot.row_covering(fire.record.job.state.key, fire.time));
    });
    report.words = service::explain(fire);
    return report;
}

RunReport History::explain_run(const Caller& caller, std::string_view execution_id) {
    require(caller, Power::read, "read executions");
    FireCase fire = new_case();
    RunView run;
    read(store_, [&](store::Snapshot& snapshot) {
        run = find_run(store_, snapshot, execution_id);
        fire.now = store_.now();
        fire.record = record_of(snapshot, run);
        fire.time = run.nominal;
        take_surroundings(snapshot, fire);
        if (run.origin == Origin::fire) take_row(snapshot, fire, run);
    });
    RunReport report{run, outcome_of(run.state), {}, {}};
    report.text = fire.row ? explain_row(fire, {}).text : attempt_text(fire, run, "It");
    if (has_not_begun(run.state)) report.waits_for = name_of(wait_of(fire, run));
    return report;
}

NextFires History::next(const Caller& caller, std::string_view job_id, std::size_t count) {
    require(caller, Power::read, "read jobs");
    store::JobRecord record;
    read(store_, [&](store::Snapshot& snapshot) { record = find_record(snapshot, job_id); });
    return next_fires(record.job, store_.now(), count);
}

NextFires next_fires(const Job& job, Micros now, std::size_t count) {
    NextFires next{job.state.status, {}, false, job.definition.trigger, now};
    const bool paused = job.state.status == JobStatus::paused;
    if (!paused && job.state.status != JobStatus::active) return next;
    const trigger::Trigger& trigger = job.definition.trigger;
    const std::int64_t runs = job.state.runs_left.value_or(std::int64_t{1} << 62);
    auto fire = paused ? trigger::next_after(trigger, std::max(job.state.cursor, now)) : job.state.next_fire;
    trigger::Walk walk(trigger, fire.value_or(now));
    for (; fire && static_cast<std::int64_t>(next.fires.size()) < runs; fire = walk.next()) {
        if (next.fires.size() == count) {
            next.truncated = true;
            break;
        }
        next.fires.push_back(*fire);
    }
    return next;
}

}  // namespace foliot::service
