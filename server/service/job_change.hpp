// What changes of a job do to its times, inside a unit: the steps that every such use case is made of.
#pragma once

#include "service/caller.hpp"
#include "service/job_edit.hpp"
#include "store/store.hpp"

#include <functional>
#include <optional>
#include <string>

namespace foliot::service {

/// What the wished-for trigger and next run mean for a job's definition and times. Nothing: the times stay.
/// `from_scratch`: the definition's trigger does not count; `present`: the job that the definition is put in place of.
/// Throws RequestError (invalid) naming "schedule" for one that does not exist.
std::optional<Arming> rearm(store::Tx& tx, const JobEdit& edit, Definition& definition, bool from_scratch,
                            const Job* present);

/// Something is due that nobody can claim now, so whether it is too late is not known yet.
bool held_back(store::Tx& tx, const Job& job);

/// What is held back stays owed through an edit that leaves the times alone, and is judged once claims go on.
bool stays_owed(store::Tx& tx, const Job& job, const JobEdit& edit, bool from_scratch);

/// A paused job whose fires are booked up to now goes on behind them, or ends when nothing is left. One that runs by
/// hand only has always something left.
void go_on(store::Tx& tx, const Job& paused);

/// A job with nothing left to fire has nothing to book, and stays for as long as its owner lets it.
void settle_before_edit(store::Tx& tx, const Job& job);

/// For the audit: a job that a change left nothing to do.
Job ended(JobKey key, const std::string& id, const Definition& definition);

/// One edit of a job, with its audit row: what is due is booked by the rules as they were, then it goes by the new
/// ones. `check` sees the definition as it will be, and throws to refuse it. Answers the job, if it has not ended.
std::optional<Job> change_job(store::Tx& tx, const Caller& caller, const Job& job, const JobEdit& edit,
                              const std::function<void(Definition&)>& check);

}  // namespace foliot::service
