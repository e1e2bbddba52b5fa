// /api/metrics/: which metrics there are, and pushing them (contract: Seed, helpers).
#pragma once

#include "api/http/router.hpp"
#include "service/metrics_push.hpp"

namespace foliot::api::seed {

void add_metrics_routes(Router& router, service::MetricsPush& metrics);

}  // namespace foliot::api::seed
