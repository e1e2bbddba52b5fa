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

/// What the body of a shutdown says. It is optional, and what cannot be read is as good as none; only a plain `false`
/// does not wait. Throws RequestError (invalid) for what is no object.
bool wants_to_wait(const std::string& body);

/// `services` must outlive the router.
void add_routes(Router& router, service::Services& services, const Options& options);

}  // namespace foliot::api::apscheduler
