// Executions and jobs as they change, as server-sent events (HTML standard, 9.2).
#pragma once

#include "api/ndscheduler/routes.hpp"

namespace foliot::api::ndscheduler {

/// `services` must outlive the router and its answers.
void add_event_routes(Router& router, service::Services& services, const Options& options);

}  // namespace foliot::api::ndscheduler
