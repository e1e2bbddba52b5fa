// Who may give a job which limits: anybody who may save jobs lowers them, only Admins raise them.
#pragma once

#include "service/caller.hpp"
#include "service/functions.hpp"

namespace foliot::service {

/// Throws RequestError (forbidden), field 'limits', when the job would get more than its function and the configuration
/// give, and the caller is no Admin. What `present` (the job before; null: a new one) has of the same function stays
/// allowed, and less of it.
void require_limits(const Caller& caller, const ResourceLimits& configured, const Functions& functions,
                    const Definition* present, const Definition& wished);

}  // namespace foliot::service
