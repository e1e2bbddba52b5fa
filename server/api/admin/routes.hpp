// Probes for supervisors and load balancers, and what an Admin does to this server as a node.
#pragma once

#include "api/http/router.hpp"
#include "service/node.hpp"

namespace foliot::api::admin {

/// /livez and /readyz for anybody; /api/v1/scheduler/{drain,undrain,clock/accept}. `node` must outlive the router.
void add_routes(Router& router, service::Node& node);

/// GET /metrics, in the text format of Prometheus; `text` is called on connection threads.
void add_metrics_route(Router& router, std::function<std::string()> text, std::string content_type, bool anonymous);

}  // namespace foliot::api::admin
