#include "base/error.hpp"
#include "service/job_unit.hpp"
#include "service/jobs.hpp"
#include "service/secret_arguments.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

RequestError no_execution(std::string_view id) {
    return {Problem::not_found, "Execution not found: " + std::string(id)};
}

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
    const auto number = store_.public_ids().parse(execution_id);
    if (!number) throw no_execution(execution_id);
    std::optional<store::RunView> original;
    std::optional<Job> found;
    read(store_, [&](store::Snapshot& snapshot) {
        original = snapshot.run(RunId{*number});
        if (original) found = snapshot.job(original->job);
    });
    if (!original || !found) throw no_execution(execution_id);
    return run_once(caller, [&](store::Tx& tx) { return queue_retry(tx, caller, *original, *found); });
}

std::int64_t Jobs::retry_all(const Caller& caller, const std::vector<store::RunView>& ended) {
    require(caller, Power::run, "run jobs");
    std::int64_t queued = 0;
    for (const store::RunView& run : ended) {
        try {
            write(store_, [&](store::Tx& tx) {
                const auto job = tx.job(run.job);
                if (!job) throw no_execution(store_.public_ids().hex(raw(run.id)));
                queue_retry(tx, caller, run, *job);
            });
            ++queued;
        } catch (const RequestError& error) {
            if (error.problem() == Problem::unavailable) throw;  // others may go all the same
        }
    }
    return queued;
}

}  // namespace foliot::service
