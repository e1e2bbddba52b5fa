// What the system grants this process at most, and so its workers.
#pragma once

#include "domain/resource_limits.hpp"

namespace foliot::runner {

/// Logs the limits that workers cannot be given in full, since this process's own hard ones are lower: those count
/// then.
void warn_of_hard_limits(const ResourceLimits& limits);

}  // namespace foliot::runner
