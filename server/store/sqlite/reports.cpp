#include "store/sqlite/packed_output.hpp"
#include "store/sqlite/turn.hpp"

#include <map>
#include <optional>
#include <utility>

namespace foliot::store::sqlite {
namespace {

void keep_output(Work& work, const Finished& end) {
    const std::string pieces = packed(end.output);
    work.db.query("INSERT INTO execution_output(exec,pieces) VALUES(?,?)").bind(end.run, Blob{pieces}).run();
}

std::optional<std::string_view> unless_empty(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

std::optional<std::int64_t> unless_zero(std::int64_t number) {
    if (number == 0) return std::nullopt;
    return number;
}

void release_slots(Work& work, RunId run, Slots& slots) {
    Query row = work.db.query("SELECT job_key,rev FROM execution WHERE id=?");
    if (row.bind(run).next()) slots.release(JobKey{row.integer(0)}, row.integer(1));
}

// OR FAIL: see insert_row().
#define FOLIOT_FINISH                                                                                      \
    "UPDATE OR FAIL execution SET "                                                                        \
    "state=?,started=coalesce(?,started),ended=?,updated=?,pid=coalesce(?,pid),reason=?,error=?,result=?," \
    "module=? WHERE id=? AND claim=? AND state IN (3,4,5)"

/// Its claim stays after its end. Times of change are those of states.
void note_progress(Work& work, RunId run, const Progressed& progressed) {
    work.db.query("UPDATE execution SET progress=?,note=? WHERE id=? AND claim=?")
        .bind(progressed.progress.fraction, progressed.progress.note, run, progressed.claim)
        .run();
}

/// How many instances of its job that freed; nothing: somebody else ended it, or it was given out again under another
/// claim.
std::optional<int> finish(Work& work, const Finished& end, Slots& slots) {
    const Verdict& verdict = end.verdict;
    const bool apart = verdict.result.size() > kInlineResult;
    const bool nothing = verdict.result.empty() || verdict.result == "null";
    const auto result = apart || nothing ? std::nullopt : std::optional<std::string_view>(verdict.result);
    // Only where there are limits the row is asked whose they are: it needs no statement of its own.
    Query update = work.db.query(slots.any_limit() ? Sql(FOLIOT_FINISH " RETURNING job_key,rev") : Sql(FOLIOT_FINISH));
    update.bind(verdict.state, unless_zero(end.started), end.ended != 0 ? end.ended : work.now, work.now,
                unless_zero(end.pid), unless_empty(verdict.reason), unless_empty(verdict.error), result,
                unless_empty(end.module_version), end.run, end.claim);
    if (slots.any_limit()) {
        if (!update.next()) return std::nullopt;
        slots.release(JobKey{update.integer(0)}, update.integer(1));
    } else if (update.run() == 0) {
        return std::nullopt;
    }
    work.happened.ended(verdict.state, verdict.reason);
    if (apart) {
        work.db.query("INSERT INTO execution_blob(exec,result) VALUES(?,?)").bind(end.run, verdict.result).run();
    }
    if (!end.output.empty()) keep_output(work, end);
    if (end.progress) note_progress(work, end.run, {end.claim, *end.progress});
    const bool goes_on = end.next && insert_next_attempt(work, end.run, *end.next);
    return goes_on ? 0 : 1;
}

void note_start(Work& work, const Started& start) {
    work.db
        .query(
            "UPDATE execution SET state=iif(state=3,4,state),pid=?,started=?,updated=? WHERE id=? AND claim=? AND "
            "state IN (3,5)")
        .bind(start.pid, start.at, work.now, start.run, start.claim)
        .run();
}

/// How many instances of its job that freed; it is over when a stop had been asked for, or its job is gone. Nothing: it
/// is not his any more.
std::optional<int> give_back(Work& work, const GivenBack& back, Slots& slots) {
    Query wanted = work.db.query(
        "SELECT 1 FROM execution e JOIN job j ON j.key=e.job_key WHERE e.id=? AND e.claim=? AND e.state IN (3,4)"
        " AND j.status<>4");
    if (wanted.bind(back.run, back.claim).next()) {
        requeue(work, back.run);
        if (slots.any_limit()) release_slots(work, back.run, slots);
        return 0;
    }
    const auto stopped =
        work.db
            .query(
                "UPDATE execution SET state=13,ended=?1,updated=?1,"
                "reason=iif(state<>5,'deleted',iif(stop_why=4,'replaced',iif(stop_why=3,'interrupted','stopped')))"
                " WHERE id=?2 AND claim=?3 AND state IN (3,4,5)")
            .bind(work.now, back.run, back.claim)
            .run();
    if (stopped == 0) return std::nullopt;
    work.happened.ended(RunState::stopped, "stopped");
    if (slots.any_limit()) release_slots(work, back.run, slots);
    return 1;
}

JobKey job_of(Work& work, RunId run) {
    return JobKey{work.db.query("SELECT job_key FROM execution WHERE id=?").bind(run).number()};
}

bool any_blocked(Work& work) {
    return work.db.query("SELECT EXISTS(SELECT 1 FROM execution WHERE state=1)").number() != 0;
}

}  // namespace

std::vector<RunId> book_reports(Work& work, const TurnIn& in, Slots& slots) {
    std::vector<RunId> refused;
    std::vector<std::pair<RunId, int>> ended;                                                  // with what they freed
    for (const auto& [run, progressed] : in.progressed) note_progress(work, run, progressed);  // ends know later ones
    for (const Finished& end : in.finished) {
        if (const auto freed = finish(work, end, slots)) {
            ended.emplace_back(end.run, *freed);
        } else {
            refused.push_back(end.run);
        }
    }
    for (const Started& start : in.started) note_start(work, start);
    for (const GivenBack& back : in.given_back) {
        if (const auto freed = give_back(work, back, slots)) ended.emplace_back(back.run, *freed);
    }
    if (ended.empty() || !any_blocked(work)) return refused;
    std::map<JobKey, int> jobs;
    for (const auto& [run, freed] : ended) jobs[job_of(work, run)] += freed;
    for (const auto& [job, freed] : jobs) promote(work, job, freed);
    return refused;
}

}  // namespace foliot::store::sqlite
