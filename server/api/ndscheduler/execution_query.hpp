#pragma once

#include "api/http/router.hpp"
#include "service/executions.hpp"

namespace foliot::api::ndscheduler {

/// Of GET /executions: time_range_start, time_range_end (ISO, no offset means UTC, or epoch seconds; the last 10
/// minutes by default), and our own job_id, state, limit, cursor. Throws RequestError (invalid) naming the parameter,
/// also for unknown ones.
service::ExecutionQuery execution_query(const Request& request, Micros now);
const std::vector<QueryParameter>& execution_query_parameters();

}  // namespace foliot::api::ndscheduler
