#include "store/sqlite/runs.hpp"

#include "store/sqlite/deadlines.hpp"
#include "store/sqlite/jobs.hpp"

namespace foliot::store::sqlite {
namespace {

std::optional<std::string_view> unless_empty(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

/// OR FAIL, as in all that each run goes through: where a trigger notes ends (hooks.cpp), SQLite would copy each page
/// that it changes, so as to be able to undo this one statement alone. A unit is undone as a whole, and the row's own
/// constraints are checked before it is written.
void insert_row(Work& work, RunId id, const NewRun& run) {
    const std::optional<Micros> ended = is_live(run.state) ? std::nullopt : std::optional(work.now);
    const std::optional<std::int64_t> parent = run.parent ? std::optional(raw(*run.parent)) : std::nullopt;
    work.db
        .query(
            "INSERT OR FAIL INTO "
            "execution(id,job_key,rev,state,nominal,first_nominal,fires,seq,attempt,origin,due,prio,lane,"
            "node,claim,ended,updated,reason,error,args,kwargs,parent) "
            "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
        .bind(id, run.job, run.rev, run.state, run.nominal, run.first_nominal, run.fires, run.seq, run.attempt,
              run.origin, run.due, run.prio, run.lane, run.node, run.claim, ended, work.now, unless_empty(run.reason),
              unless_empty(run.error), run.args, run.kwargs, parent)
        .run();
}

struct Ended {
    RunId id{};
    int attempt = 1;
    Micros nominal = 0;
    std::optional<std::string> args, kwargs;
};

/// A run that another attempt may follow.
Ended ended_run(Work& work, JobKey job, RunId id) {
    Query query = work.db.query("SELECT state,attempt,nominal,args,kwargs FROM execution WHERE id=? AND job_key=?");
    if (!query.bind(id, job).next()) throw Refused(Refused::Why::missing, "there is no such execution of the job");
    const auto state = static_cast<RunState>(query.integer(0));
    if (is_live(state)) throw Refused(Refused::Why::conflict, "the execution has not ended yet");
    if (state == RunState::succeeded)
        throw Refused(Refused::Why::conflict, "the execution succeeded; run its job for another one");
    return {id, query.small(1), query.integer(2), query.maybe_text(3), query.maybe_text(4)};
}

/// The attempt after `original` if it waits for its time; nothing when there is none.
std::optional<RunId> waiting_attempt(Work& work, JobKey job, const Ended& original) {
    Query query = work.db.query("SELECT id,state FROM execution WHERE job_key=? AND nominal=? AND parent=?");
    if (!query.bind(job, original.nominal, original.id).next()) return std::nullopt;
    const auto state = static_cast<RunState>(query.integer(1));
    if (state == RunState::waiting) return RunId{query.integer(0)};
    throw Refused(Refused::Why::conflict, is_live(state) ? "the execution is being tried again already"
                                                         : "the execution was tried again already");
}

/// It counts as an instance already.
RunId bring_forward(Work& work, JobKey job, RunId run, int max_instances) {
    const bool room = count_live(work, job).instances <= max_instances;
    work.db.query("UPDATE execution SET state=?,origin=1,due=?3,since=NULL,updated=?3,reason=NULL WHERE id=?2")
        .bind(room ? RunState::ready : RunState::blocked, run, work.now)
        .run();
    work.tell(Event::Kind::run_ready, raw(run));
    return run;
}

void follow(const Ended& original, NewRun& run) {
    run.attempt = original.attempt + 1;
    run.nominal = original.nominal;
    if (!run.args) run.args = original.args;
    if (!run.kwargs) run.kwargs = original.kwargs;
    run.parent = original.id;
}

void check_runnable(Work& work, const JobState& job) {
    if (job.status == JobStatus::deleted) {
        throw Refused(Refused::Why::missing, "the job '" + job.id + "' was deleted");
    }
    const auto live = work.db.query("SELECT count(*) FROM execution WHERE job_key=? AND state<10 AND origin=1")
                          .bind(job.key)
                          .number();
    if (live < kMaxManualRuns) return;
    throw Refused(Refused::Why::queue_full, "the job '" + job.id + "' has " + std::to_string(live) +
                                                " runs by hand that are not finished; the limit is " +
                                                std::to_string(kMaxManualRuns));
}

struct Blocked {
    std::int64_t id;
    Origin origin;
};

/// The one blocked run that may go next. Those that are no fires have an index of their own: behind a long queue they
/// would be far.
std::optional<Blocked> next_blocked(Work& work, JobKey job, bool paused, bool fires) {
    const Sql any("SELECT id,origin FROM execution WHERE job_key=? AND state=1 AND ?=0 ORDER BY due,id LIMIT 1");
    const Sql asked(
        "SELECT id,origin FROM execution INDEXED BY exec_asked WHERE job_key=? AND state=1 AND origin<>0"
        " AND (?=0 OR origin=1) ORDER BY due,id LIMIT 1");
    Query query = work.db.query(fires && !paused ? any : asked);
    if (!query.bind(job, paused ? 1 : 0).next()) return std::nullopt;
    return Blocked{query.integer(0), static_cast<Origin>(query.integer(1))};
}

}  // namespace

RunId insert_run(Work& work, NewRun run) {
    const RunId id{work.ids.next()};
    try {
        insert_row(work, id, run);
    } catch (const SqlError& error) {
        if (!error.is_constraint()) throw;
        const std::int64_t seq = next_seq(work, run.job, run.nominal);
        if (seq <= run.seq) throw;  // another constraint
        run.seq = seq;
        insert_row(work, id, run);
    }
    if (!is_live(run.state)) work.happened.ended(run.state, run.reason);
    if (run.fires > 0) work.happened.fires(run.state, run.fires);
    return id;
}

std::int64_t next_seq(Work& work, JobKey job, Micros nominal) {
    return work.db.query("SELECT coalesce(max(seq)+1,0) FROM execution WHERE job_key=? AND nominal=?")
        .bind(job, nominal)
        .number();
}

Live count_live(Work& work, JobKey job) {
    Query query = work.db.query(
        "SELECT count(*) FILTER (WHERE state<>1), count(*) FILTER (WHERE state=1),"
        " count(*) FILTER (WHERE state=0 AND origin=0) FROM execution WHERE job_key=? AND state<10");
    query.bind(job).next();
    return {query.small(0), query.small(1), query.small(2)};
}

void promote(Work& work, JobKey key, int freed) {
    Live live = count_live(work, key);
    if (live.queued == 0) return;
    const JobState job = get_job(work.db, key).state;
    const int most = work.definitions.get_or_placeholder(work.db, key, job.rev)->max_instances;
    for (; live.instances < most; ++live.instances) {
        const bool fires = freed > 0 || live.instances == 0;
        const auto run = next_blocked(work, key, job.status == JobStatus::paused, fires);
        if (!run) return;
        if (run->origin == Origin::fire) --freed;
        work.db.query("UPDATE execution SET state=2,updated=?,reason=NULL WHERE id=?").bind(work.now, run->id).run();
        work.tell(Event::Kind::run_ready, run->id);
    }
}

void promote_woken(Work& work, JobKey key) {
    const JobState job = get_job(work.db, key).state;
    const auto definition = work.definitions.get_or_placeholder(work.db, key, job.rev);
    const auto were_ready =
        work.db.query("SELECT count(*) FROM execution WHERE job_key=? AND state=1 AND origin=0 AND reason='paused'")
            .bind(key)
            .number();
    const bool queues = definition->overlap == Overlap::queue;
    promote(work, key, queues ? definition->max_instances : static_cast<int>(were_ready));
}

RunId run_now(Work& work, JobKey key, const ManualRun& manual) {
    const JobRow row = get_job(work.db, key);
    check_runnable(work, row.state);
    const auto definition = work.definitions.get(work.db, key, row.state.rev);
    NewRun run{.job = key,
               .rev = row.state.rev,
               .nominal = work.now,
               .origin = Origin::manual,
               .due = work.now,
               .prio = definition->priority,
               .lane = row.lane,
               .args = manual.args,
               .kwargs = manual.kwargs};
    if (manual.retry_of) {
        const Ended original = ended_run(work, key, *manual.retry_of);
        if (const auto waiting = waiting_attempt(work, key, original)) {
            return bring_forward(work, key, *waiting, definition->max_instances);
        }
        follow(original, run);
    }
    run.first_nominal = run.nominal;
    // seq 0 is left to the fire of that very instant.
    run.seq = std::max<std::int64_t>(1, next_seq(work, key, run.nominal));
    const Live live = count_live(work, key);
    if (live.instances - live.delayed >= definition->max_instances) run.state = RunState::blocked;
    const RunId id = insert_run(work, run);
    work.tell(Event::Kind::run_ready, raw(id));
    return id;
}

bool request_stop(Work& work, RunId run, StopWhy why) {
    Query row = work.db.query("SELECT job_key,state FROM execution WHERE id=?");
    if (!row.bind(run).next()) throw Refused(Refused::Why::missing, "there is no such execution");
    const JobKey job{row.integer(0)};
    const auto state = static_cast<RunState>(row.integer(1));
    if (!is_live(state)) return false;
    if (is_queued(state)) {
        work.db.query("UPDATE execution SET state=13,ended=?1,updated=?1,reason=?2,stop_why=?3 WHERE id=?4")
            .bind(work.now, stop_reason(why), why, run)
            .run();
        work.happened.ended(RunState::stopped, stop_reason(why));
        promote(work, job, state == RunState::blocked ? 0 : 1);  // a blocked one held no instance
    } else {
        work.db.query("UPDATE execution SET state=5,stop_why=?,updated=? WHERE id=? AND state IN (3,4)")
            .bind(why, work.now, run)
            .run();
        work.stops.push_back({run, why});
    }
    work.tell(Event::Kind::stop_requested, raw(run));
    return true;
}

void requeue(Work& work, RunId run) {
    work.db
        .query(
            "UPDATE execution SET node=NULL,claim=NULL,pid=NULL,started=NULL,updated=?,(state,reason)="
            "(SELECT iif(held,1,2),iif(held,'paused',NULL)"
            " FROM (SELECT status=1 AND origin<>1 AS held FROM job WHERE key=job_key)) WHERE id=?")
        .bind(work.now, run)
        .run();
    work.tell(Event::Kind::run_ready, raw(run));
}

/// No change of state, so its time stays.
void note_wait(Work& work, RunId run, std::string_view reason) {
    work.db.query("UPDATE execution SET reason=? WHERE id=? AND state=2")
        .bind(reason.empty() ? std::nullopt : std::optional(reason), run)
        .run();
}

void end_ready(Work& work, RunId run, RunState state, std::string_view reason, std::string_view error) {
    Query row = work.db.query("SELECT job_key,origin FROM execution WHERE id=? AND state=2");
    if (!row.bind(run).next()) return;
    const JobKey job{row.integer(0)};
    const bool is_fire = static_cast<Origin>(row.integer(1)) == Origin::fire;
    work.db.query("UPDATE execution SET state=?1,ended=?2,updated=?2,reason=?3,error=?4 WHERE id=?5")
        .bind(state, work.now, reason, error, run)
        .run();
    work.happened.ended(state, reason);
    if (state == RunState::missed && is_fire)
        work.db.query("UPDATE job SET runs_left=runs_left+1 WHERE key=? AND status IN (0,1)").bind(job).run();
    promote(work, job, 1);
}

void end_waiting(Work& work, JobKey job, RunState state, std::string_view reason) {
    const auto rows = work.db
                          .query(
                              "UPDATE execution SET state=?1,ended=?2,updated=?2,reason=?3 WHERE job_key=?4 AND state "
                              "IN (0,1,2) AND state<10")
                          .bind(state, work.now, reason, job)
                          .run();
    if (rows > 0) work.happened.ended(state, reason, rows);
}

void replace_live(Work& work, JobKey job) {
    end_waiting(work, job, RunState::skipped, "replaced");
    Query live = work.db.query("SELECT id FROM execution WHERE job_key=? AND state IN (3,4) AND state<10");
    live.bind(job);
    while (live.next()) work.stops.push_back({RunId{live.integer(0)}, StopWhy::replaced});
    work.db.query("UPDATE execution SET state=5,stop_why=4,updated=? WHERE job_key=? AND state IN (3,4) AND state<10")
        .bind(work.now, job)
        .run();
}

bool insert_next_attempt(Work& work, RunId run, const NextAttempt& next) {
    const auto inserted =
        work.db
            .query(
                "INSERT INTO "
                "execution(id,job_key,rev,state,nominal,first_nominal,fires,seq,attempt,origin,due,prio,lane,updated,"
                "args,kwargs,parent,since,snoozes) SELECT ?,e.job_key,e.rev,0,e.nominal,e.nominal,0,"
                "(SELECT max(x.seq)+1 FROM execution x WHERE x.job_key=e.job_key AND x.nominal=e.nominal),"
                "e.attempt+?,2,?,e.prio,e.lane,?,e.args,e.kwargs,e.id," FOLIOT_SINCE
                ",iif(?,coalesce(e.snoozes,0)+1,iif(?,NULL,e.snoozes))"
                " FROM execution e JOIN job j ON j.key=e.job_key WHERE e.id=? AND j.status<>4 "
                "AND coalesce(e.stop_why,0) NOT IN (1,4,5)")
            .bind(work.ids.next(), next.counts ? 1 : 0, next.due, work.now, next.snoozed ? 1 : 0, next.counts ? 1 : 0,
                  run)
            .run();
    if (inserted == 1) work.happened.retried();
    return inserted == 1;
}

std::string_view stop_reason(StopWhy why) {
    switch (why) {
        case StopWhy::replaced: return "replaced";
        case StopWhy::deleted: return "deleted";
        case StopWhy::shutdown: return "interrupted";
        case StopWhy::timeout: return "timeout";
        case StopWhy::none:
        case StopWhy::user: break;
    }
    return "stopped";
}

}  // namespace foliot::store::sqlite
