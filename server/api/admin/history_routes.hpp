// Why a job did or did not run, when it runs next, and another try.
#pragma once

#include "api/http/router.hpp"
#include "service/services.hpp"

#include <string>

namespace foliot::api::admin {

/// /api/v1/jobs/{id}/explain and /next, /api/v1/executions/{id}/explain and /retry. `services` must outlive the router;
/// `hostname` is this node's, as executions show it.
void add_history_routes(Router& router, service::Services& services, const std::string& hostname);

}  // namespace foliot::api::admin
