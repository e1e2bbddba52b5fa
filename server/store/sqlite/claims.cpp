#include "base/log.hpp"
#include "store/sqlite/turn.hpp"

namespace foliot::store::sqlite {
namespace {

constexpr int kMaxAdmits = 512;

struct Waiting {
    std::int64_t run;
    JobKey job;
    Origin origin;
    Micros due;
};

/// A fire that waited for its jitter while nobody could claim it is as late as one that did not.
bool misfired(const Waiting& waiting, const Definition& definition, Micros awake_since) {
    if (waiting.origin != Origin::fire || waiting.due >= awake_since) return false;
    if (definition.misfire == MisfirePolicy::skip) return true;
    return definition.misfire_grace && awake_since - waiting.due > *definition.misfire_grace;
}

void miss(Work& work, const Waiting& waiting) {
    work.db.query("UPDATE execution SET state=15,ended=?1,updated=?1,reason='misfire' WHERE id=?2")
        .bind(work.now, waiting.run)
        .run();
    work.happened.ended(RunState::missed, "misfire");
    work.db.query("UPDATE job SET runs_left=runs_left+1 WHERE key=? AND status IN (0,1)").bind(waiting.job).run();
    promote(work, waiting.job, 1);
}

void admit(Work& work, const Waiting& waiting, Micros awake_since) {
    const JobState job = get_job(work.db, waiting.job).state;
    const auto definition = work.definitions.get_or_placeholder(work.db, waiting.job, job.rev);
    if (misfired(waiting, *definition, awake_since)) return miss(work, waiting);
    const int most = definition->max_instances;  // it counts as an instance itself while it waits
    const bool held = job.status == JobStatus::paused;
    const bool ready = !held && count_live(work, waiting.job).instances <= most;
    work.db.query("UPDATE execution SET state=?,updated=?,reason=? WHERE id=?")
        .bind(ready ? RunState::ready : RunState::blocked, work.now,
              held ? std::optional<std::string_view>("paused") : std::nullopt, waiting.run)
        .run();
    if (held) promote(work, waiting.job, 0);  // a run by hand may have its place
}

}  // namespace

bool admit_waiting(Work& work, Micros awake_since) {
    std::vector<Waiting> due;
    {
        Query query =
            work.db.query("SELECT id,job_key,origin,due FROM execution WHERE state=0 AND due<=? ORDER BY due LIMIT ?");
        query.bind(work.now, kMaxAdmits);
        while (query.next())
            due.push_back(
                {query.integer(0), JobKey{query.integer(1)}, static_cast<Origin>(query.integer(2)), query.integer(3)});
    }
    for (const Waiting& waiting : due) admit(work, waiting, awake_since);
    return due.size() == kMaxAdmits;
}

void Claims::run(TurnOut& out) {
    params_.slots.mark();
    for (;;) {
        work_.db.query("SAVEPOINT claims").run();
        try {
            attempt(out);
            work_.db.query("RELEASE claims").run();
            return;
        } catch (const SqlError& error) {
            if (!error.is_constraint() || current_ == JobKey{} || broken_.contains(current_)) throw;
            log::error("job-broken",
                       "job " + std::to_string(raw(current_)) + " is broken, edit it to mend it: " + error.what());
        } catch (const std::logic_error& error) {
            if (current_ == JobKey{} || broken_.contains(current_)) throw;
            log::error("job-broken", std::string("job is broken: ") + error.what());
        }
        work_.db.query("ROLLBACK TO claims").run();
        work_.db.query("RELEASE claims").run();
        work_.stops.resize(stops_before_);
        work_.events.resize(events_before_);
        work_.happened.back_to(happened_before_);
        broken_.insert(current_);
    }
}

void Claims::attempt(TurnOut& out) {
    births_.clear();
    stored_.clear();
    ended_.clear();
    lanes_left_ = refused_ = false;
    params_.slots.back_to_mark();
    out.assigned.clear();
    out.more = false;
    for (const JobKey job : broken_) break_job(work_, job);
    if (params_.engine == EngineState::running) claim(out);
    current_ = JobKey{};
    place(out);
}

std::vector<Due> Claims::due_jobs() {
    // Both counts of live runs in one number: a statement of its own for each job would cost as much as the row.
    Query query = work_.db.query(
        "SELECT " FOLIOT_JOB_COLUMNS
        ",(SELECT (count(*) FILTER (WHERE e.state<>1)<<32)+count(*) FILTER (WHERE e.state=1) FROM execution e"
        " WHERE e.job_key=j.key AND e.state<10)"
        " FROM job j WHERE j.next_fire<=? AND j.next_fire IS NOT NULL ORDER BY j.next_fire,j.key LIMIT ?");
    query.bind(work_.now, params_.in.max_jobs);
    std::vector<Due> jobs;
    while (query.next()) {
        const std::int64_t live = query.integer(kJobColumns);
        jobs.push_back({job_row(query), nullptr, {static_cast<int>(live >> 32), static_cast<int>(live & 0xFFFFFFFF)}});
    }
    return jobs;
}

void Claims::claim(TurnOut& out) {
    std::vector<Due> jobs = due_jobs();
    out.more = !jobs.empty() && jobs.size() >= static_cast<std::size_t>(params_.in.max_jobs);
    for (Due& due : jobs) {
        current_ = due.row.state.key;
        try {
            due.definition = work_.definitions.get(work_.db, current_, due.row.state.rev);
        } catch (const SqlError&) {
            throw;
        } catch (const std::exception&) {  // stays empty: planned as broken
        }
        book(work_, due, plan_fires(due, params_.planner, work_.now, params_.awake_since), births_);
    }
}

}  // namespace foliot::store::sqlite
