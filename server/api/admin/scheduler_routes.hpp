// The scheduler as a whole: pause, resume, start.
#pragma once

#include "api/http/router.hpp"
#include "service/scheduler.hpp"

namespace foliot::api::admin {

void add_scheduler_routes(Router& router, service::Scheduler& scheduler);

}  // namespace foliot::api::admin
