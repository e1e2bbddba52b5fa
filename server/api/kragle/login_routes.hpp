// The login of Kragle's clients: a cookie, as that of /login.
#pragma once

#include "api/http/router.hpp"
#include "service/sessions.hpp"

namespace foliot::api::kragle {

/// /authenticate and /api/v1/authenticate. Where nobody is asked who he is (`auth_enabled` false) every login succeeds
/// and gives nothing. `sessions` must outlive the router.
void add_login_routes(Router& router, service::Sessions& sessions, bool auth_enabled);

}  // namespace foliot::api::kragle
