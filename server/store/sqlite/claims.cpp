#include "base/log.hpp"
#include "store/sqlite/turn.hpp"

namespace foliot::store::sqlite {
namespace {

constexpr int kMaxAdmits = 512;

struct Waiting {
    std::int64_t run;
    JobKey job;
};

void admit(Work& work, const Waiting& waiting) {
    const JobState job = get_job(work.db, waiting.job).state;
    // It counts as an instance itself while it waits.
    const int most = work.definitions.get_or_placeholder(work.db, waiting.job, job.rev)->max_instances;
    const bool held = job.status == JobStatus::paused;
    const bool ready = !held && count_live(work, waiting.job).instances <= most;
    work.db.query("UPDATE execution SET state=?,updated=?,reason=? WHERE id=?")
        .bind(ready ? RunState::ready : RunState::blocked, work.now,
              held ? std::optional<std::string_view>("paused") : std::nullopt, waiting.run)
        .run();
}

}  // namespace

bool admit_waiting(Work& work) {
    std::vector<Waiting> due;
    {
        Query query = work.db.query("SELECT id,job_key FROM execution WHERE state=0 AND due<=? ORDER BY due LIMIT ?");
        query.bind(work.now, kMaxAdmits);
        while (query.next()) due.push_back({query.integer(0), JobKey{query.integer(1)}});
    }
    for (const Waiting& waiting : due) admit(work, waiting);
    return due.size() == kMaxAdmits;
}

void Claims::run(TurnOut& out) {
    for (;;) {
        work_.db.query("SAVEPOINT claims").run();
        try {
            attempt(out);
            work_.db.query("RELEASE claims").run();
            return;
        } catch (const SqlError& error) {
            if (!error.is_constraint() || current_ == JobKey{} || broken_.contains(current_)) throw;
            log::error("job " + std::to_string(raw(current_)) + " is broken, edit it to mend it: " + error.what());
        } catch (const std::logic_error& error) {
            if (current_ == JobKey{} || broken_.contains(current_)) throw;
            log::error(std::string("job is broken: ") + error.what());
        }
        work_.db.query("ROLLBACK TO claims").run();
        work_.db.query("RELEASE claims").run();
        work_.stops.resize(stops_before_);
        work_.events.resize(events_before_);
        broken_.insert(current_);
    }
}

void Claims::attempt(TurnOut& out) {
    births_.clear();
    stored_.clear();
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
        const FirePlan plan = plan_fires(due, params_.planner, work_.now, params_.awake_since);
        book(work_, due, plan, births_);
        out.more = out.more || plan.more;
    }
}

std::vector<std::int64_t> Claims::ready_lanes() {
    std::vector<std::int64_t> lanes;
    if (params_.in.room.any == 0) {
        for (const Room::Lane& lane : params_.in.room.lanes) {
            if (lane.places > 0) lanes.push_back(lane.lane);
        }
        return lanes;
    }
    // A loose scan: one step into the index a lane, however many runs are queued there.
    for (std::int64_t last = 0;; last = lanes.back()) {
        Query query = work_.db.query("SELECT min(lane) FROM execution WHERE state=2 AND lane>?");
        query.bind(last).next();
        const auto lane = query.maybe(0);
        if (!lane) return lanes;
        lanes.push_back(*lane);
    }
}

void Claims::add_stored(Lanes& lanes) {
    for (const std::int64_t lane : ready_lanes()) add_stored_lane(lanes, lane);
}

void Claims::add_stored_lane(Lanes& lanes, std::int64_t lane) {
    const bool all = params_.engine == EngineState::running;
    Query query = work_.db.query(
        "SELECT e.id,e.job_key,e.rev,j.id,e.prio,e.due,e.nominal,e.attempt,e.origin,e.args,e.kwargs"
        " FROM execution e JOIN job j ON j.key=e.job_key WHERE e.state=2 AND e.lane=?"
        " AND (? OR e.origin=1) ORDER BY e.prio DESC,e.due,e.id LIMIT ?");
    query.bind(lane, all ? 1 : 0, most_places(params_.in.room, lane));
    while (query.next()) {
        Stored run{RunId{query.integer(0)}, JobKey{query.integer(1)}, query.integer(2), lane, query.text(3), {}};
        run.assigned.nominal = query.integer(6);
        run.assigned.attempt = query.small(7);
        run.assigned.origin = static_cast<Origin>(query.integer(8));
        run.assigned.args = query.maybe_text(9);
        run.assigned.kwargs = query.maybe_text(10);
        lanes[lane].push_back({true, stored_.size(), query.small(4), query.integer(5)});
        stored_.push_back(std::move(run));
    }
}

void Claims::place(TurnOut& out) {
    Lanes lanes;
    add_stored(lanes);
    for (std::size_t i = 0; i < births_.size(); ++i) {
        const NewRun& run = births_[i].run;
        lanes[run.lane].push_back({false, i, run.prio, run.due});
    }
    for (const Candidate& candidate : share_places(std::move(lanes), params_.in.room, params_.last_lane)) {
        if (candidate.stored) {
            current_ = JobKey{};
            start_stored(candidate, out);
        } else {
            start_birth(births_[candidate.index], out);
        }
    }
    for (const Birth& birth : births_) {
        current_ = birth.run.job;
        if (birth.run.state != RunState::assigned) insert_run(work_, birth.run);
    }
}

void Claims::start_stored(const Candidate& candidate, TurnOut& out) {
    Stored& run = stored_[candidate.index];
    Assigned& assigned = run.assigned;
    try {
        assigned.def = work_.definitions.get(work_.db, run.job, run.rev);
    } catch (const SqlError&) {
        throw;
    } catch (const std::exception& error) {
        work_.db.query("UPDATE execution SET state=14,ended=?1,updated=?1,reason='unresolved',error=?2 WHERE id=?3")
            .bind(work_.now, std::string_view(error.what()), run.id)
            .run();
        return;
    }
    assigned.run = run.id;
    assigned.claim = work_.ids.next();
    assigned.job = run.job;
    assigned.job_id = std::move(run.job_id);
    assigned.lane = run.lane;
    work_.db.query("UPDATE execution SET state=3,node=?,claim=?,updated=? WHERE id=? AND state=2")
        .bind(params_.fence.node, assigned.claim, work_.now, assigned.run)
        .run();
    out.assigned.push_back(std::move(assigned));
}

void Claims::start_birth(Birth& birth, TurnOut& out) {
    NewRun& run = birth.run;
    current_ = run.job;
    run.state = RunState::assigned;
    run.node = params_.fence.node;
    run.claim = work_.ids.next();
    const RunId id = insert_run(work_, run);
    out.assigned.push_back({.run = id,
                            .claim = *run.claim,
                            .job = run.job,
                            .job_id = std::move(birth.job_id),
                            .lane = run.lane,
                            .def = std::move(birth.definition),
                            .args = {},
                            .kwargs = {},
                            .nominal = run.nominal,
                            .attempt = run.attempt,
                            .origin = run.origin});
}

}  // namespace foliot::store::sqlite
