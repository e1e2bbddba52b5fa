#include "store/sqlite/fires.hpp"

#include "base/log.hpp"

#include <utility>

namespace foliot::store::sqlite {
namespace {

/// Two rows for one nominal, or one beyond the cursor, would silently break the accounting.
void check(const Due& due, const FirePlan& plan) {
    const std::string& id = due.row.state.id;
    if (plan.cursor < due.row.state.cursor) throw std::logic_error("plan of job '" + id + "' moves the cursor back");
    const PlannedRow* before = nullptr;
    for (const PlannedRow& row : plan.rows) {
        if (row.first_nominal > row.nominal || row.fires < 0)
            throw std::logic_error("plan of job '" + id + "' has an impossible row");
        if (before != nullptr && row.fires > 0 && row.first_nominal <= before->nominal) {
            throw std::logic_error("plan of job '" + id + "' accounts for one fire twice");
        }
        before = &row;
    }
}

void extend_skip(Work& work, RunId open, const PlannedRow& row) {
    const auto changed =
        work.db.query("UPDATE execution SET fires=fires+?,nominal=?,ended=?4,updated=?4 WHERE id=?3 AND state=16")
            .bind(row.fires, row.nominal, open, work.now)
            .run();
    if (changed != 1) throw std::logic_error("the open skip row " + std::to_string(raw(open)) + " is gone");
    work.happened.fires(RunState::skipped, row.fires);
}

/// Only skips for want of room come in floods; any later row closes the open one.
std::optional<RunId> new_open_skip(const PlannedRow& row, RunId id) {
    if (row.state == RunState::skipped && (row.reason == "overlap" || row.reason == "queue_full")) return id;
    return std::nullopt;
}

NewRun new_run(const Due& due, const PlannedRow& row) {
    return {.job = due.row.state.key,
            .rev = due.row.state.rev,
            .state = row.state,
            .nominal = row.nominal,
            .first_nominal = row.first_nominal,
            .fires = row.fires,
            .due = row.due,
            .prio = due.definition ? due.definition->priority : 0,
            .lane = due.row.lane,
            .reason = row.reason};
}

std::optional<RunId> book_rows(Work& work, const Due& due, const FirePlan& plan, std::vector<Birth>& births) {
    std::optional<RunId> open = due.row.state.open_skip;
    bool extend = plan.extend_open_skip && open.has_value();
    for (const PlannedRow& row : plan.rows) {
        if (std::exchange(extend, false)) {
            extend_skip(work, *open, row);
        } else if (row.state == RunState::ready) {
            births.push_back({new_run(due, row), due.row.state.id, due.definition, {}});
            open.reset();
        } else {
            open = new_open_skip(row, insert_run(work, new_run(due, row)));
        }
    }
    return open;
}

bool ends(JobStatus status) { return status == JobStatus::finished || status == JobStatus::deleted; }

}  // namespace

FirePlan plan_fires(const Due& due, const Planner& planner, Micros now, Micros awake_since) {
    const JobState& job = due.row.state;
    if (!due.definition) return broken_plan(job, now, "the stored definition cannot be read");
    try {
        FirePlan plan = planner({job, *due.definition, due.live.instances, due.live.queued}, now, awake_since);
        check(due, plan);
        return plan;
    } catch (const std::exception& error) {
        log::error("job-broken", "job '" + job.id + "' is broken, edit it to mend it: " + error.what());
        return broken_plan(job, now, error.what());
    }
}

void book(Work& work, const Due& due, const FirePlan& plan, std::vector<Birth>& births) {
    const JobState& job = due.row.state;
    if (plan.replace_live) replace_live(work, job.key);
    const std::optional<RunId> open = book_rows(work, due, plan, births);
    const std::optional<std::int64_t> skip = open ? std::optional(raw(*open)) : std::nullopt;
    const std::optional<Micros> gone = ends(plan.status) ? std::optional(work.now) : std::nullopt;
    const auto changed =
        work.db
            .query(
                "UPDATE job SET cursor=?,next_fire=?,runs_left=?,status=?,open_skip=?,gone_at=? WHERE key=? AND "
                "cursor=?")
            .bind(plan.cursor, plan.next_fire, plan.runs_left, plan.status, skip, gone, job.key, job.cursor)
            .run();
    if (changed != 1) throw std::logic_error("the cursor of job '" + job.id + "' moved while it was planned");
    const bool woke = job.status == JobStatus::paused && plan.status != JobStatus::paused;
    // Nothing that ends may be left to do it.
    if (plan.replace_live) promote(work, job.key, 1);
    if (woke) promote_woken(work, job.key);
}

Due due_job(Work& work, JobRow row) {
    Due due{std::move(row), nullptr, {}};
    due.live = count_live(work, due.row.state.key);
    try {
        due.definition = work.definitions.get(work.db, due.row.state.key, due.row.state.rev);
    } catch (const SqlError&) {
        throw;
    } catch (const std::exception& error) {
        log::error("job-broken", "job '" + due.row.state.id + "': " + error.what());
    }
    return due;
}

void settle(Work& work, JobKey key, const Planner& planner, Micros awake_since) {
    const Due due = due_job(work, get_job(work.db, key));
    std::vector<Birth> births;
    book(work, due, plan_fires(due, planner, work.now, awake_since), births);
    for (const Birth& birth : births) {
        const RunId run = insert_run(work, birth.run);
        work.tell(Event::Kind::run_ready, raw(run));
    }
    work.tell(Event::Kind::job_changed, raw(key));
}

void break_job(Work& work, JobKey key) {
    work.db.query("UPDATE job SET status=3,next_fire=NULL WHERE key=?").bind(key).run();
}

}  // namespace foliot::store::sqlite
