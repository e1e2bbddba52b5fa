// Pruning job by job: rows beyond the job's number, revisions that nothing uses any more, jobs that are gone.
#include "store/sqlite/prune.hpp"

#include <algorithm>

namespace foliot::store::sqlite {
namespace {

constexpr std::int64_t kMaxRows = 200;
constexpr std::int64_t kMaxLooked = 500;
constexpr Micros kJobsEvery = 600 * kSecond;

/// Whatever was replaced before the oldest execution can be in use by few, whatever the age limit. 0: not known, when
/// its id is ahead of the clock.
Micros oldest_execution(Connection& db, Micros now) {
    Query query = db.query("SELECT min(id) FROM execution");
    query.next();
    const auto oldest = query.maybe(0);
    const Micros at = oldest ? IdGenerator::time_of(*oldest) : 0;
    return at <= now ? at : 0;
}

}  // namespace

/// All jobs are walked through; that is too much for each time.
bool Pruner::prune_jobs(Unit& unit) {
    if (!among_jobs_) begin_jobs(unit);
    if (!among_jobs_) return false;
    std::vector<JobAtHand> jobs;
    {
        Query query = unit.work.db.query("SELECT key,rev,gone_at FROM job WHERE key>? ORDER BY key LIMIT ?");
        query.bind(jobs_after_, kMaxLooked);
        while (query.next()) jobs.push_back({JobKey{query.integer(0)}, query.integer(1), query.maybe(2)});
    }
    for (const JobAtHand& job : jobs) {
        if (unit.rows >= kMaxRows || unit.time_is_up() || !finish_job(unit, job)) return true;
        jobs_after_ = raw(job.key);
        kept_ = 0;
    }
    if (jobs.size() == kMaxLooked) return true;
    among_jobs_ = false;
    jobs_after_ = 0;
    return false;
}

void Pruner::begin_jobs(Unit& unit) {
    const Retention& retention = unit.retention;
    if (retention.max_age == 0 && retention.max_rows == 0 && retention.max_rows_per_job == 0) return;
    const Micros now = unit.work.now;
    if (now < next_jobs_ && now > next_jobs_ - kJobsEvery) return;
    next_jobs_ = now + kJobsEvery;
    jobs_cutoff_ = std::max(retention.max_age > 0 ? now - retention.max_age : 0, oldest_execution(unit.work.db, now));
    among_jobs_ = true;
}

/// False: there is more of this job to do.
bool Pruner::finish_job(Unit& unit, const JobAtHand& job) {
    if (!among_rows_ && unit.retention.max_rows_per_job > 0 && trim_job(unit, job.key)) return false;
    if (job.rev > 1 && drop_revisions(unit, job)) return false;
    drop_if_gone(unit, job);
    return true;
}

/// True: again. The offset is walked in the index alone.
bool Pruner::trim_job(Unit& unit, JobKey job) {
    std::vector<Row> rows;
    {
        Query query = unit.work.db.query("SELECT e.id,e.fires," FOLIOT_MAY_GO
                                         " FROM execution e WHERE e.job_key=?"
                                         " ORDER BY e.nominal DESC,e.seq DESC LIMIT ? OFFSET ?");
        query.bind(job, kMaxRows, unit.retention.max_rows_per_job + kept_);
        while (query.next()) rows.push_back({RunId{query.integer(0)}, job, query.integer(1), query.integer(2) != 0, 0});
    }
    for (const Row& row : rows) {
        if (unit.rows >= kMaxRows || unit.time_is_up()) return true;
        if (row.may_go) {
            remove(unit, row);
            if (unit.retention.max_rows > 0) --counted_;
        } else {
            ++kept_;
        }
    }
    return rows.size() == kMaxRows;
}

void Pruner::find_old_revisions(Unit& unit, const JobAtHand& job) {
    Query query = unit.work.db.query(
        "SELECT r.rev FROM job_rev r WHERE r.job_key=? AND r.rev<? AND"
        " (SELECT n.at FROM job_rev n WHERE n.job_key=r.job_key AND n.rev>r.rev ORDER BY n.rev LIMIT 1)<?");
    query.bind(job.key, job.rev, jobs_cutoff_);
    while (query.next()) unused_.insert(query.integer(0));
    nominal_ = seq_ = INT64_MIN;
    among_rows_ = !unused_.empty();
}

/// True: again. New rows have the newest revision, or that of the row they repeat, which is met before them.
bool Pruner::drop_revisions(Unit& unit, const JobAtHand& job) {
    if (!among_rows_) find_old_revisions(unit, job);
    if (!among_rows_) return false;
    std::int64_t looked = 0;
    {
        Query query = unit.work.db.query(
            "SELECT nominal,seq,rev FROM execution WHERE job_key=? AND (nominal,seq)>(?,?)"
            " ORDER BY nominal,seq LIMIT ?");
        query.bind(job.key, nominal_, seq_, kMaxLooked);
        for (; query.next(); ++looked) {
            nominal_ = query.integer(0);
            seq_ = query.integer(1);
            unused_.erase(query.integer(2));
        }
    }
    if (looked == kMaxLooked && !unused_.empty()) return true;
    for (const std::int64_t rev : unused_) {
        unit.rows += unit.work.db.query("DELETE FROM job_rev WHERE job_key=? AND rev=?").bind(job.key, rev).run();
    }
    unused_.clear();
    among_rows_ = false;
    return false;
}

void Pruner::drop_if_gone(Unit& unit, const JobAtHand& job) const {
    if (!job.gone_at || *job.gone_at >= jobs_cutoff_) return;
    Connection& db = unit.work.db;
    const auto left = db.query("SELECT EXISTS(SELECT 1 FROM execution WHERE job_key=?)").bind(job.key).number();
    if (left != 0) return;
    for (const auto& sql : {Sql("DELETE FROM job_rev WHERE job_key=?"), Sql("DELETE FROM job_tag WHERE job_key=?"),
                            Sql("DELETE FROM delivering WHERE job_key=?"), Sql("DELETE FROM job WHERE key=?")}) {
        unit.rows += db.query(sql).bind(job.key).run();
    }
}

}  // namespace foliot::store::sqlite
