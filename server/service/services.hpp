// The use cases together, as the dialects get them.
#pragma once

#include "service/accounts.hpp"
#include "service/executions.hpp"
#include "service/history.hpp"
#include "service/jobs.hpp"
#include "service/scheduler.hpp"

namespace foliot::service {

/// References to what the application owns; it must outlive every router that was given this.
struct Services {
    Jobs& jobs;
    Executions& executions;
    Scheduler& scheduler;
    Accounts& accounts;
    History& history;
};

}  // namespace foliot::service
