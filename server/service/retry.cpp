#include "base/error.hpp"
#include "service/job_unit.hpp"
#include "service/jobs.hpp"
#include "service/secret_arguments.hpp"
#include "service/unit.hpp"

#include <algorithm>
#include <set>
#include <span>

namespace foliot::service {
namespace {

using Runs = std::span<const store::RunView>;

constexpr std::size_t kMostInAUnit = 50;

/// A finished job does not change any more; one that was deleted is not run again.
Job as_it_is_now(store::Tx& tx, const Job& seen) {
    auto present = tx.job(seen.state.id);
    if (present && present->state.key == seen.state.key) return *std::move(present);
    if (seen.state.status == JobStatus::finished) return seen;
    throw RequestError(Problem::conflict, "Job " + seen.state.id + " was deleted");
}

/// What a run of that definition with the execution's own arguments calls.
Definition call_of(Definition definition, const store::RunView& run) {
    if (run.args) definition.args = *run.args;
    if (run.kwargs) definition.kwargs = *run.kwargs;
    return definition;
}

std::vector<Runs> in_units(Runs runs) {
    std::vector<Runs> units;
    for (; runs.size() > kMostInAUnit; runs = runs.subspan(kMostInAUnit)) units.push_back(runs.first(kMostInAUnit));
    units.push_back(runs);
    std::reverse(units.begin(), units.end());
    return units;
}

bool does_the_same(const Definition& a, const Definition& b) {
    return a.func.text() == b.func.text() && a.args == b.args && a.kwargs == b.kwargs;
}

}  // namespace

RunId Jobs::queue_retry(store::Tx& tx, const Caller& caller, const store::RunView& original, const Job& found) {
    const bool own_arguments = original.args || original.kwargs;
    const Job job = as_it_is_now(tx, found);
    require_run(caller, job.definition, own_arguments);
    const RunId run = tx.run_now(original.job, {std::nullopt, std::nullopt, original.id});
    const auto planned = tx.definition_of(run);  // one that waited is of the job as it was
    require_run(caller, *planned, own_arguments || !does_the_same(*planned, job.definition));
    if (own_arguments) {
        const auto function = functions_.find(planned->func);
        const Definition call = call_of(*planned, original), before = call_of(*original.def, original);
        check_secrets(caller.who, *function, call, {&before, &job.definition});
        module::check_arguments(*function, call.args, call.kwargs);
    }
    const PublicIds& ids = store_.public_ids();
    audit(tx, caller, job, {"retried", ids.hex(raw(original.id)), ids.hex(raw(run))});
    tx.after_commit({store::Event::Kind::run_ready, raw(run)});
    return run;
}

RunId Jobs::retry(const Caller& caller, std::string_view execution_id) {
    require(caller, Power::run, "run jobs");
    store::RunView original;
    std::optional<Job> found;
    read(store_, [&](store::Snapshot& snapshot) {
        original = find_run(store_, snapshot, execution_id);
        found = snapshot.job(original.job);
    });
    if (!found) throw execution_not_found(execution_id);
    return run_once(caller, [&](store::Tx& tx) { return queue_retry(tx, caller, original, *found); });
}

/// A refusal undoes its unit, whose halves are then tried each by itself. Once a single one is refused for want of
/// room, others of that job are not tried.
std::int64_t Jobs::retry_all(const Caller& caller, const std::vector<store::RunView>& ended) {
    require(caller, Power::run, "run jobs");
    std::set<JobKey> full;
    bool no_room = false;
    const auto queue = [&](store::Tx& tx, const store::RunView& run) {
        const auto job = tx.job(run.job);
        if (!job) throw execution_not_found(store_.public_ids().hex(raw(run.id)));
        try {
            queue_retry(tx, caller, run, *job);
        } catch (const store::Refused& refusal) {
            no_room = refusal.why == store::Refused::Why::queue_full;
            throw;
        }
    };
    std::int64_t all = 0;
    for (auto left = in_units(ended); !left.empty();) {
        const Runs runs = left.back();
        left.pop_back();
        std::int64_t queued = 0;
        try {
            write(store_, [&](store::Tx& tx) {
                queued = 0;
                no_room = false;
                for (const store::RunView& run : runs) {
                    if (full.contains(run.job)) continue;
                    queue(tx, run);
                    ++queued;
                }
            });
            all += queued;
        } catch (const RequestError& error) {
            if (error.problem() == Problem::unavailable) throw;
            if (runs.size() == 1 && no_room) full.insert(runs.front().job);
            if (runs.size() < 2) continue;
            left.push_back(runs.subspan(runs.size() / 2));
            left.push_back(runs.first(runs.size() / 2));
        }
    }
    return all;
}

}  // namespace foliot::service
