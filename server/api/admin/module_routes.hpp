// /api/v1/modules and /api/v1/functions: what jobs can run, and what it takes.
#pragma once

#include "api/http/router.hpp"
#include "service/modules.hpp"

namespace foliot::api::admin {

/// `modules` must outlive the router.
void add_module_routes(Router& router, const service::Modules& modules);

}  // namespace foliot::api::admin
