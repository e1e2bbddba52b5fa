// The login of ndscheduler's fork: a cookie for a name and a password.
#pragma once

#include "api/http/router.hpp"
#include "service/sessions.hpp"

namespace foliot::api::ndscheduler {

/// /login and /logout. Where nobody is asked who he is (`auth_enabled` false) they lead to / and do nothing.
/// `sessions` must outlive the router.
void add_login_routes(Router& router, service::Sessions& sessions, bool auth_enabled);

}  // namespace foliot::api::ndscheduler
