#include "service/job_unit.hpp"

#include "base/error.hpp"
#include "service/hook_unit.hpp"

#include <exception>

namespace foliot::service {

RequestError job_not_found(std::string_view id) {
    return {Problem::not_found, "Job " + std::string(id) + " not found"};
}

RequestError execution_not_found(std::string_view id) {
    return {Problem::not_found, "Execution not found: " + std::string(id)};
}

store::RunView find_run(store::Store& store, store::Snapshot& snapshot, std::string_view id) {
    const auto number = store.public_ids().parse(id);
    if (!number) throw execution_not_found(id);
    auto run = snapshot.run(RunId{*number});
    if (!run) throw execution_not_found(id);
    return *std::move(run);
}

Job find_job(store::Tx& tx, std::string_view id) {
    auto job = tx.job(id);
    if (!job) throw job_not_found(id);
    return *std::move(job);
}

void settle(store::Tx& tx, const Job& job, Occasion occasion) {
    if (job.state.status == JobStatus::broken) return;
    tx.settle(job.state.key, [occasion](const DueJob& due, Micros now, Micros awake_since) {
        try {
            return plan(due, now, awake_since, occasion);
        } catch (const std::exception& e) {
            return broken_plan(due.job, now, e.what());
        }
    });
}

void audit(store::Tx& tx, const Caller& caller, const Job& job, const JobAudit& entry) {
    store::AuditEntry row;
    row.actor = caller.who.name;
    row.via = caller.via;
    row.event = entry.event;
    row.kind = "job";
    row.ref = job.state.id;
    row.job = job.state.key;
    row.name = job.definition.name;
    row.before = entry.before;
    row.after = entry.after;
    tx.audit(row);
    tell_hooks_of_job(tx, job, entry.event, entry.event == "modified" ? entry.after : "");
}

void announce(store::Tx& tx, JobKey key) { tx.after_commit({store::Event::Kind::job_changed, raw(key)}); }

}  // namespace foliot::service
