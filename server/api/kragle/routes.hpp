// Kragle's resource: shared schedules, at /schedules as its document writes it and at /api/v1/schedules.
#pragma once

#include "api/http/router.hpp"
#include "service/services.hpp"

namespace foliot::api::kragle {

/// `zone`: of crons that name none.
void add_routes(Router& router, service::Services& services, const trigger::ZonePtr& zone);

}  // namespace foliot::api::kragle
