// Jobs of privileged modules that no Admin has saved.
#pragma once

#include "store/store.hpp"

#include <set>
#include <string>

namespace foliot::service {

/// Making a module privileged leaves its jobs as they are. Says in the log which of them were last saved by somebody
/// who is no Admin now. What was looked at and found good is remembered in the store: it stays good while the module is
/// privileged and who was an Admin is one, so a million jobs are looked at once and not at each start. Throws nothing.
void warn_of_jobs_by_others(store::Store& store, const std::set<std::string>& privileged_modules);

/// Somebody is an Admin no more: the next start looks at all of them again.
void doubt_privileged_jobs(store::Tx& tx);

}  // namespace foliot::service
