// What a trigger would do, before a job has it.
#pragma once

#include "api/http/router.hpp"
#include "service/services.hpp"

namespace foliot::api::admin {

/// /api/v1/triggers/preview. `services` must outlive the router; `zone` is that of triggers that name none.
void add_preview_routes(Router& router, service::Services& services, const trigger::ZonePtr& zone);

}  // namespace foliot::api::admin
