// ndscheduler's executions, with stop and output added.
#pragma once

#include "api/http/router.hpp"
#include "service/services.hpp"

#include <string>

namespace foliot::api::ndscheduler {

struct Options {
    std::string hostname;  ///< of this node, as executions show it
};

/// `services` must outlive the router.
void add_routes(Router& router, service::Services& services, const Options& options);

}  // namespace foliot::api::ndscheduler
