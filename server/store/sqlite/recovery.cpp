#include "store/sqlite/recovery.hpp"

#include "store/sqlite/deadlines.hpp"
#include "store/sqlite/runs.hpp"
#include "store/sqlite/slots.hpp"

#include <map>

namespace foliot::store::sqlite {
namespace {

struct Left {
    RunId run;
    JobKey job;
    std::int64_t rev, claim;
    RunState state;
    int attempt;
    StopWhy stop;
    bool deleted, started;
    int snoozes;
    Micros since;
};

std::vector<Left> left_behind(Work& work, std::int32_t node) {
    Query query = work.db.query(
        "SELECT e.id,e.job_key,e.rev,e.claim,e.state,e.attempt,e.stop_why,j.status=4,e.started IS NOT NULL,"
        "coalesce(e.snoozes,0)," FOLIOT_SINCE
        " FROM execution e"
        " JOIN job j ON j.key=e.job_key WHERE e.state<10 AND e.state IN (3,4,5) AND e.node=?");
    query.bind(node);
    std::vector<Left> runs;
    while (query.next()) {
        runs.push_back({RunId{query.integer(0)}, JobKey{query.integer(1)}, query.integer(2), query.integer(3),
                        static_cast<RunState>(query.integer(4)), query.small(5), static_cast<StopWhy>(query.integer(6)),
                        query.integer(7) != 0, query.integer(8) != 0, query.small(9), query.integer(10)});
    }
    return runs;
}

void end(Work& work, const Left& left, const Verdict& verdict, const LedgerEntry& entry) {
    const auto started = entry.started != 0 ? std::optional(entry.started) : std::nullopt;
    const auto reason = verdict.reason.empty() ? std::nullopt : std::optional<std::string_view>(verdict.reason);
    const auto error = verdict.error.empty() ? std::nullopt : std::optional<std::string_view>(verdict.error);
    work.db
        .query("UPDATE execution SET state=?,started=coalesce(?,started),ended=?,updated=?,reason=?,error=? WHERE id=?")
        .bind(verdict.state, started, entry.ended != 0 ? entry.ended : work.now, work.now, reason, error, left.run)
        .run();
    work.happened.ended(verdict.state, verdict.reason);
}

/// Nobody wants another attempt of a run that was being stopped for good.
bool wanted(const Left& left) {
    return !left.deleted &&
           (left.stop == StopWhy::none || left.stop == StopWhy::shutdown || left.stop == StopWhy::timeout);
}

/// Whether there is one.
bool retry_by_policy(Work& work, const Left& left, Verdict verdict) {
    if (!wanted(left)) return false;
    const auto definition = work.definitions.get_or_placeholder(work.db, left.job, left.rev);
    verdict.delay = definition->retry.delay;  // the one that it asked for is not in the ledger
    const double random = static_cast<double>(raw(left.run) % 1000) / 1000.0;
    const auto next = within(next_attempt(definition->retry, verdict, left.attempt, work.now, random),
                             deadline_of(left.since, *definition));
    return next && insert_next_attempt(work, left.run, *next);
}

Verdict lost() {
    return {.state = RunState::failed,
            .outcome = Outcome::failed,
            .reason = "lost",
            .error = "the server or the machine stopped while this run was under way",
            .result = "null",
            .delay = 0};
}

/// The ledger knows the outcome, not the texts.
Verdict ended_as(const Left& left, Outcome outcome) {
    Verdict verdict{
        .state = RunState::failed, .outcome = outcome, .reason = "", .error = "", .result = "null", .delay = 0};
    if (outcome == Outcome::ok) {
        verdict.state = RunState::succeeded;
    } else if (outcome == Outcome::snoozed || outcome == Outcome::cancelled) {
        // Cancelled without an order of a user's: the worker saw the server die. Both come again, uncounted.
        const StopWhy why = left.stop == StopWhy::none ? StopWhy::shutdown : left.stop;
        verdict.state = RunState::stopped;
        verdict.reason = outcome == Outcome::snoozed ? "snoozed" : std::string(stop_reason(why));
    } else {
        verdict.reason = "result_lost";
        verdict.error = "the run failed, but the server stopped before its result was stored";
    }
    return verdict;
}

/// A row that says it began is stronger than a ledger that does not know: the worker wrote the ledger first.
bool never_began(const Left& left, const LedgerEntry& entry) {
    return entry.says == LedgerSays::not_started && !left.started;
}

/// How many instances of its job the run gives up: a retry is the same one still.
int judge(Work& work, const Left& left, const LedgerEntry& entry, Recovered& sum) {
    if (never_began(left, entry)) {
        ++sum.requeued;
        if (left.deleted || left.state == RunState::stopping) {
            const StopWhy why = left.state == RunState::stopping ? left.stop : StopWhy::deleted;
            Verdict verdict{.state = RunState::stopped,
                            .outcome = Outcome::cancelled,
                            .reason = std::string(stop_reason(why)),
                            .error = "",
                            .result = "null",
                            .delay = 0};
            end(work, left, verdict, {});
            return 1;
        }
        requeue(work, left.run);
        return 0;
    }
    const bool ended = entry.says == LedgerSays::ended;
    ++(ended ? sum.ended : sum.lost);
    Verdict verdict = ended ? ended_as(left, entry.outcome) : lost();
    cap_snoozes(verdict, left.snoozes);
    end(work, left, verdict, entry);
    const bool goes_on = verdict.outcome != Outcome::ok && retry_by_policy(work, left, verdict);
    return goes_on ? 0 : 1;
}

}  // namespace

Recovered recover_runs(Work& work, const Fence& fence, const LedgerLookup& ledger, bool nothing_proven) {
    Recovered sum;
    std::map<JobKey, int> freed;
    for (const Left& left : left_behind(work, fence.node)) {
        const LedgerEntry entry = nothing_proven ? LedgerEntry{} : ledger(left.run, left.claim);
        freed[left.job] += judge(work, left, entry, sum);
    }
    for (const auto& [job, instances] : freed) promote(work, job, instances);
    recount_slots(work);
    return sum;
}

}  // namespace foliot::store::sqlite
