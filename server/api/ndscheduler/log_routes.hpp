// ndscheduler's audit log.
#pragma once

#include "api/http/router.hpp"
#include "service/services.hpp"

namespace foliot::api::ndscheduler {

/// /api/v1/logs. `services` must outlive the router.
void add_log_routes(Router& router, service::Services& services);

}  // namespace foliot::api::ndscheduler
