#include "model/history.hpp"

#include <algorithm>
#include <stdexcept>

namespace foliot::testing {
namespace {

[[noreturn]] void wrong(const ModelJob& job, const std::string& what) {
    throw std::logic_error("job '" + job.id + "': " + what);
}

std::string at(Micros instant) { return std::to_string(instant / kSecond); }

std::string listed(const std::vector<store::RunView>& rows) {
    std::string text;
    for (const auto& row : rows) {
        text += at(row.first_nominal) + ".." + at(row.nominal) + " x" + std::to_string(row.fires) + " " +
                std::string(wire_name(row.state)) + " " + row.reason + "\n";
    }
    return text;
}

bool spends_a_run(const store::RunView& row) {
    if (row.fires == 0 || row.state == RunState::missed) return false;
    return row.state != RunState::skipped || row.reason == "replaced";
}

}  // namespace

std::vector<store::RunView> History::rows(const ModelJob& job) const {
    store::RunFilter filter;
    filter.job = job.key;
    auto items = system_.store().read()->runs(filter).items;
    std::reverse(items.begin(), items.end());
    const auto stretch = [&](const store::RunView& row) {
        return std::count_if(job.moved_back.begin(), job.moved_back.end(), [&](RunId last) { return last < row.id; });
    };
    std::stable_sort(items.begin(), items.end(), [&](const auto& a, const auto& b) { return stretch(a) < stretch(b); });
    return items;
}

void History::check_accounting(ModelJob& job) {
    const auto& fires = job.owed.until(std::max(system_.clock.now(), job.settled));
    std::size_t next = 0;
    std::int64_t spent = 0;
    for (const auto& row : rows(job)) {
        if (row.fires == 0) continue;
        if (row.def->coalesce == false && row.fires > 1 && is_live(row.state))
            wrong(job, "a run stands for many fires");
        const auto last = next + static_cast<std::size_t>(row.fires) - 1;
        if (last >= fires.size()) wrong(job, "the row at " + at(row.nominal) + " covers what was never owed");
        if (fires[next] != row.first_nominal || fires[last] != row.nominal) {
            wrong(job, listed(rows(job)) + "a row covers " + at(row.first_nominal) + ".." + at(row.nominal) +
                           ", owed were " + at(fires[next]) + ".." + at(fires[last]));
        }
        next = last + 1;
        if (spends_a_run(row)) ++spent;
    }
    const std::size_t owed = job.owed.count(job.settled);
    const bool spent_all = job.def.max_runs && spent == *job.def.max_runs;
    if (job.def.max_runs && spent > *job.def.max_runs) wrong(job, "ran more often than max_runs");
    if (next < owed && !spent_all) {
        wrong(job, "the fire at " + at(fires[next]) + " is not in history, settled up to " + at(job.settled));
    }
}

void History::check_new_rows(const ModelJob& job, Micros awake_since, bool held) {
    const Micros claimable = std::max(awake_since, job.armed_at);
    for (const auto& row : rows(job)) {
        if (!seen_.insert(row.id).second || row.fires == 0 || row.state == RunState::skipped) continue;
        if (row.state == RunState::missed) {
            check_missed(job, row, claimable);
        } else {
            if (held) wrong(job, "the fire at " + at(row.nominal) + " is to run, and nobody could claim it");
            check_run(job, row, claimable);
        }
    }
}

void History::check_missed(const ModelJob& job, const store::RunView& row, Micros claimable) {
    if (row.reason == "cap") return;
    if (row.nominal >= claimable) wrong(job, "the fire at " + at(row.nominal) + " was on time and is missed");
    const bool in_grace = !job.def.misfire_grace || claimable - row.nominal <= *job.def.misfire_grace;
    if (in_grace && job.def.misfire != MisfirePolicy::skip) {
        wrong(job, "the fire at " + at(row.nominal) + " was within its grace and is missed");
    }
}

void History::check_run(const ModelJob& job, const store::RunView& row, Micros claimable) {
    if (row.nominal >= claimable) return;
    const std::string late =
        "the fire at " + at(row.nominal) + " is to run, " + at(claimable - row.nominal) + " s late";
    if (job.def.misfire == MisfirePolicy::skip) wrong(job, late + ", and late ones are to be skipped");
    if (job.def.misfire_grace && claimable - row.nominal > *job.def.misfire_grace) wrong(job, late);
}

void History::check_ends(const ModelJob& job) {
    const auto all = rows(job);
    std::set<RunId> parents;
    for (const auto& row : all) {
        if (row.parent) parents.insert(*row.parent);
    }
    for (const auto& row : all) {
        const auto end = system_.workers.ended.find(row.id);
        if (end == system_.workers.ended.end()) continue;
        const Verdict& verdict = end->second;
        if (row.state != verdict.state) {
            wrong(job, "run " + std::to_string(raw(row.id)) + " is " + std::string(wire_name(row.state)) +
                           ", its code ended as " + std::string(wire_name(verdict.state)));
        }
        const bool retries = (verdict.outcome == Outcome::failed || verdict.outcome == Outcome::retry_after) &&
                             row.attempt <= row.def->retry.max_retries;
        const bool again = retries || verdict.outcome == Outcome::snoozed;
        const bool unwanted =
            system_.workers.stopped.contains(row.id) || job.deleted || row.def->overlap == Overlap::replace;
        if (again && !unwanted && !parents.contains(row.id)) wrong(job, "a failed run has no next attempt");
        if (!again && parents.contains(row.id)) wrong(job, "a run that is over has a next attempt");
    }
}

void History::check_nothing_is_stuck(const ModelJob& job) {
    const auto all = rows(job);
    const auto later = [&](const auto& row) { return row.state == RunState::waiting && row.due > system_.clock.now(); };
    // Fires that are caught up with run one after the other; behind a retry they wait for it, whatever the room.
    const bool retry_to_come = std::any_of(all.begin(), all.end(), later);
    for (const auto& row : all) {
        if (!is_live(row.state)) continue;
        if (job.deleted) wrong(job, "was deleted and has a live run");
        const bool held = job.paused && row.origin != Origin::manual &&
                          (row.state == RunState::blocked || row.state == RunState::waiting);
        const bool behind_a_retry = retry_to_come && row.state == RunState::blocked;
        if (!later(row) && !held && !behind_a_retry)
            wrong(job, "a run is stuck as " + std::to_string(static_cast<int>(row.state)));
    }
}

}  // namespace foliot::testing
