// Kragle's resource: shared schedules, at /schedules as its document writes it and at /api/v1/schedules.
#pragma once

#include "api/http/router.hpp"
#include "service/services.hpp"

namespace foliot::api::kragle {

struct Options {
    trigger::ZonePtr zone;  ///< of crons that name none
    /// Whoever can reach the server may read schedules (`services.schedules` must agree), though not who uses them.
    bool anonymous_reads = true;
};

/// `services` must outlive the router.
void add_routes(Router& router, service::Services& services, const Options& options);

}  // namespace foliot::api::kragle
