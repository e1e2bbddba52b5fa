// The steps that the units of job use cases are made of.
#pragma once

#include "base/error.hpp"
#include "service/caller.hpp"
#include "store/store.hpp"

#include <string>
#include <string_view>

namespace foliot::service {

/// not_found "Job ID not found".
Job find_job(store::Tx& tx, std::string_view id);
RequestError job_not_found(std::string_view id);

/// The execution of that public id; not_found "Execution not found: ID".
store::RunView find_run(store::Store& store, store::Snapshot& snapshot, std::string_view id);
RequestError execution_not_found(std::string_view id);

/// Books every fire up to now under the rules as they were; a trigger that cannot be evaluated breaks only its job.
void settle(store::Tx& tx, const Job& job, Occasion occasion);

struct JobAudit {
    std::string event, before, after;
};
/// Tells webhooks of it, too.
void audit(store::Tx& tx, const Caller& caller, const Job& job, const JobAudit& entry);

/// Tells the engine, after the commit, that the job's times may have changed.
void announce(store::Tx& tx, JobKey key);

}  // namespace foliot::service
