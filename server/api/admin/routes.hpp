// Probes for supervisors and load balancers.
#pragma once

#include "api/admin/dialect.hpp"
#include "api/http/router.hpp"
#include "store/store.hpp"

namespace foliot::api::admin {

/// /livez and /readyz, for anybody. The server is ready when its store answers a read; `store` must outlive the router.
void add_routes(Router& router, store::Store& store);

}  // namespace foliot::api::admin
