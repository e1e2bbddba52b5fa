#include "base/error.hpp"
#include "service/job_unit.hpp"
#include "service/jobs.hpp"
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

bool does_the_same(const Definition& a, const Definition& b) {
    return a.func.text() == b.func.text() && a.args == b.args && a.kwargs == b.kwargs;
}

}  // namespace

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
    const bool own_arguments = original->args || original->kwargs;
    return run_once(caller, [&](store::Tx& tx) {
        const Job job = as_it_is_now(tx, *found);
        require_run(caller, job.definition, own_arguments);
        const RunId run = tx.run_now(original->job, {std::nullopt, std::nullopt, original->id});
        const auto planned = tx.definition_of(run);  // one that waited is of the job as it was
        require_run(caller, *planned, own_arguments || !does_the_same(*planned, job.definition));
        if (own_arguments) {
            module::check_arguments(*functions_.find(planned->func), original->args.value_or(planned->args),
                                    original->kwargs.value_or(planned->kwargs));
        }
        audit(tx, caller, job, {"retried", std::string(execution_id), store_.public_ids().hex(raw(run))});
        tx.after_commit({store::Event::Kind::run_ready, raw(run)});
        return run;
    });
}

}  // namespace foliot::service
