// The Seed Scheduler dialect: schedules, users, groups, tokens and health.
#pragma once

#include "api/http/router.hpp"
#include "service/services.hpp"

#include <string>

namespace foliot::api::seed {

struct Options {
    std::string version;    ///< of this server
    trigger::ZonePtr zone;  ///< of definitions
};

void add_routes(Router& router, service::Services& services, const Options& options);

// Its parts.
void add_schedule_routes(Router& router, service::Services& services, const trigger::ZonePtr& zone);
void add_account_routes(Router& router, service::Services& services);

/// The caller, as the services want to know him.
service::Caller caller_of(const Request& request);

/// {id} of the path; throws not_found when it is no number.
std::int64_t id_of(const Request& request);

}  // namespace foliot::api::seed
