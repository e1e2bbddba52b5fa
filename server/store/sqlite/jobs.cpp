#include "store/sqlite/jobs.hpp"

#include "store/sqlite/runs.hpp"

#include <algorithm>

namespace foliot::store::sqlite {
namespace {

std::string uid_bytes(const PublicIds& ids, std::int64_t key) {
    const std::string hex = ids.hex(key);
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return bytes;
}

void put_definition(Work& work, JobKey key, std::int64_t rev, const JobWrite& write) {
    work.wrote_definitions = true;
    const std::string text = to_json(write.def);
    definition_from_json(text);  // throws: what cannot be read back must not be stored
    work.db
        .query(
            "INSERT INTO job_rev(job_key,rev,def,at,by) VALUES(?1,?2,?3,?4,"
            "coalesce(nullif(?5,0),(SELECT by FROM job_rev WHERE job_key=?1 AND rev=?2-1),0))")
        .bind(key, rev, text, work.now, write.by)
        .run();
}

/// Which jobs have a tag; old definitions keep theirs.
void put_tags(Work& work, JobKey key, const std::vector<std::string>& tags) {
    for (const std::string& tag : tags) {
        work.db.query("INSERT INTO job_tag(tag,job_key) VALUES(?,?)").bind(tag, key).run();
    }
}

/// Whatever they are: the definition that had them may be unreadable.
void clear_tags(Work& work, JobKey key) { work.db.query("DELETE FROM job_tag WHERE job_key=?").bind(key).run(); }

/// By which a schedule's users are found when it is changed.
struct ScheduleRef {
    explicit ScheduleRef(const trigger::Trigger& trigger) {
        const auto* shared = std::get_if<trigger::Shared>(&trigger);
        if (shared == nullptr) return;
        id = shared->schedule;
        rev = shared->rev;
    }
    std::optional<std::int64_t> id, rev;
};

JobKey insert_job(Work& work, const PublicIds& public_ids, const JobWrite& write) {
    if (!write.arming) throw std::logic_error("a new job needs an arming");
    const JobKey key{work.ids.next()};
    const Arming& arming = *write.arming;
    const std::optional<Micros> next = write.paused ? std::nullopt : arming.next_fire;
    const ScheduleRef schedule(write.def.trigger);
    const std::optional<Micros> paused_at = write.paused ? std::optional(work.now) : std::nullopt;
    work.db
        .query(
            "INSERT INTO job(key,id,uid,rev,name,func,lane,status,anchor,armed_at,cursor,next_fire,paused_at,runs_left,"
            "schedule_id,schedule_rev,creator) VALUES(?,?,?,1,?,?,?,?,?,?,?,?,?,?,?,?,?)")
        .bind(key, write.id.empty() ? public_ids.dashed(raw(key)) : write.id, Blob{uid_bytes(public_ids, raw(key))},
              write.def.name, write.def.func.text(), lane_of(write.def.func.module, write.def.tags),
              write.paused ? JobStatus::paused : JobStatus::active, arming.anchor, arming.armed_at, arming.cursor, next,
              paused_at, write.def.max_runs, schedule.id, schedule.rev, write.by)
        .run();
    put_definition(work, key, 1, write);
    put_tags(work, key, write.def.tags);
    return key;
}

/// What is left of a changed max_runs, given what was spent of the old one.
std::optional<std::int64_t> runs_left(const JobState& job, const Definition& before, const Definition& after) {
    if (after.max_runs == before.max_runs) return job.runs_left;
    if (!after.max_runs) return std::nullopt;
    const std::int64_t spent = before.max_runs ? *before.max_runs - job.runs_left.value_or(0) : 0;
    return std::max<std::int64_t>(0, *after.max_runs - spent);
}

void update_job(Work& work, const JobRow& row, const JobWrite& write) {
    const JobState& job = row.state;
    const auto before = work.definitions.get_or_placeholder(work.db, job.key, job.rev);  // an edit is what mends it
    const ScheduleRef schedule(write.def.trigger);
    work.db
        .query(
            "UPDATE job SET rev=rev+1,name=?,func=?,lane=?,open_skip=NULL,runs_left=?,schedule_id=?,schedule_rev=?"
            " WHERE key=?")
        .bind(write.def.name, write.def.func.text(), lane_of(write.def.func.module, write.def.tags),
              runs_left(job, *before, write.def), schedule.id, schedule.rev, job.key)
        .run();
    put_definition(work, job.key, job.rev + 1, write);
    clear_tags(work, job.key);
    put_tags(work, job.key, write.def.tags);
    // What the limit grew by may start; with a queue only, since fires that are caught up on go one by one.
    const bool queues = write.def.overlap == Overlap::queue;
    promote(work, job.key, queues ? std::max(0, write.def.max_instances - before->max_instances) : 0);
    if (!write.arming) return;
    work.db
        .query(
            "UPDATE job SET status=iif(status=3,0,status),anchor=?,armed_at=?,cursor=?,next_fire=iif(status=1,NULL,?)"
            " WHERE key=?")
        .bind(write.arming->anchor, write.arming->armed_at, write.arming->cursor, write.arming->next_fire, job.key)
        .run();
}

}  // namespace

JobRow job_row(const Query& query) {
    JobRow row;
    JobState& job = row.state;
    job.key = JobKey{query.integer(0)};
    job.rev = query.integer(1);
    job.id = query.text(2);
    job.status = static_cast<JobStatus>(query.integer(3));
    job.anchor = query.integer(4);
    job.armed_at = query.integer(5);
    job.cursor = query.integer(6);
    job.next_fire = query.maybe(7);
    job.paused_at = query.maybe(8);
    job.runs_left = query.maybe(9);
    if (const auto skip = query.maybe(10)) job.open_skip = RunId{*skip};
    row.lane = query.integer(11);
    return row;
}

std::optional<JobRow> find_job(Connection& db, std::string_view id) {
    Query query = db.query("SELECT " FOLIOT_JOB_COLUMNS " FROM job j WHERE j.id=? AND j.status IN (0,1,3)");
    if (!query.bind(id).next()) return std::nullopt;
    return job_row(query);
}

std::optional<JobRow> find_job(Connection& db, JobKey key) {
    Query query = db.query("SELECT " FOLIOT_JOB_COLUMNS " FROM job j WHERE j.key=?");
    if (!query.bind(key).next()) return std::nullopt;
    return job_row(query);
}

JobRow get_job(Connection& db, JobKey key) {
    auto row = find_job(db, key);
    if (!row) throw Refused(Refused::Why::missing, "there is no job " + std::to_string(raw(key)));
    return *std::move(row);
}

JobKey put_job(Work& work, const PublicIds& public_ids, const JobWrite& write, ExpectedRev expected) {
    using Kind = ExpectedRev::Kind;
    const auto found = find_job(work.db, write.id);
    if (found && expected.kind == Kind::absent) {
        throw Refused(Refused::Why::conflict, "a job with the id '" + write.id + "' exists already");
    }
    if (!found && expected.kind == Kind::exact) {
        throw Refused(Refused::Why::missing, "there is no job with the id '" + write.id + "'");
    }
    if (found && expected.kind == Kind::exact && found->state.rev != expected.rev) {
        throw Refused(Refused::Why::stale, "the job '" + write.id + "' is at revision " +
                                               std::to_string(found->state.rev) + " now, not " +
                                               std::to_string(expected.rev));
    }
    JobKey key{};
    if (found) {
        key = found->state.key;
        update_job(work, *found, write);
    } else {
        key = insert_job(work, public_ids, write);
    }
    work.tell(Event::Kind::job_changed, raw(key));
    return key;
}

void pause_job(Work& work, JobKey key) {
    const auto changed = work.db.query("UPDATE job SET status=1,paused_at=?,next_fire=NULL WHERE key=? AND status=0")
                             .bind(work.now, key)
                             .run();
    if (changed == 0) return;
    work.db
        .query(
            "UPDATE execution SET state=1,updated=?,reason='paused' WHERE job_key=? AND state=2 AND state<10 AND "
            "origin<>1")
        .bind(work.now, key)
        .run();
    promote(work, key, 0);  // what is held has made room for runs by hand
    work.tell(Event::Kind::job_changed, raw(key));
}

void resume_job(Work& work, JobKey key, const Arming& arming) {
    // A fire at this very instant may have been accounted for as slept through: the cursor never goes back.
    const auto changed =
        work.db
            .query(
                "UPDATE job SET "
                "status=0,paused_at=NULL,open_skip=NULL,anchor=max(cursor,?),armed_at=?,cursor=max(cursor,?),next_fire="
                "?"
                " WHERE key=? AND (status IN (1,3) OR (status=0 AND paused_at IS NOT NULL))")  // settling may have
                                                                                               // woken it
            .bind(arming.anchor, arming.armed_at, arming.cursor, arming.next_fire, key)
            .run();
    if (changed == 0) return;
    promote_woken(work, key);
    work.tell(Event::Kind::job_changed, raw(key));
}

void set_next_fire(Work& work, JobKey key, const Arming& arming) {
    work.db
        .query(
            "UPDATE job SET anchor=?,armed_at=?,cursor=?,open_skip=NULL,next_fire=iif(status=0,?,NULL) WHERE key=?"
            " AND status IN (0,1)")
        .bind(arming.anchor, arming.armed_at, arming.cursor, arming.next_fire, key)
        .run();
    work.tell(Event::Kind::job_changed, raw(key));
}

void remove_job(Work& work, JobKey key) {
    clear_tags(work, key);
    work.db.query("UPDATE job SET status=4,gone_at=coalesce(gone_at,?),next_fire=NULL WHERE key=?")
        .bind(work.now, key)
        .run();
    end_waiting(work, key, RunState::stopped, "deleted");
    work.tell(Event::Kind::job_changed, raw(key));
}

}  // namespace foliot::store::sqlite
