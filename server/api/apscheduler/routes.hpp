// The thirteen operations of Flask-APScheduler's REST interface.
#pragma once

#include "api/http/router.hpp"
#include "service/services.hpp"

#include <string>
#include <vector>

namespace foliot::api::apscheduler {

struct Options {
    std::string prefix = "/scheduler";  ///< begins with a slash, ends without
    std::string current_host;           ///< shown in lower case
    std::vector<std::string> allowed_hosts{"*"};
};

/// `services` must outlive the router.
void add_routes(Router& router, service::Services& services, const Options& options);

}  // namespace foliot::api::apscheduler
