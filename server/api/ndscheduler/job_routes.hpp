// ndscheduler's jobs, with every option of ours added.
#pragma once

#include "api/http/router.hpp"
#include "service/services.hpp"

namespace foliot::api::ndscheduler {

/// `services` must outlive the router. `zone`: of triggers and times that name none.
void add_job_routes(Router& router, service::Services& services, const trigger::ZonePtr& zone);

}  // namespace foliot::api::ndscheduler
