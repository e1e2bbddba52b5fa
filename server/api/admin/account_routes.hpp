// Users, groups and tokens.
#pragma once

#include "api/http/router.hpp"
#include "service/services.hpp"

namespace foliot::api::admin {

/// /api/v1/users, /groups and /tokens. `services` must outlive the router.
void add_account_routes(Router& router, service::Services& services);

void add_user_routes(Router& router, service::Users& users);
void add_group_routes(Router& router, service::Groups& groups);
void add_token_routes(Router& router, service::Tokens& tokens);

}  // namespace foliot::api::admin
