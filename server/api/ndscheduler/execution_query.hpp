#pragma once

#include "api/http/router.hpp"
#include "base/ids.hpp"
#include "service/executions.hpp"

namespace foliot::api::ndscheduler {

/// An instant of a query: ISO 8601, no offset means UTC, or epoch seconds. The "+" of an offset may have come as the
/// blank that it means in a query. Throws RequestError (invalid) naming the parameter.
Micros instant_of(std::string_view name, const std::string& text);

/// Of GET /executions: time_range_start, time_range_end (ISO, no offset means UTC, or epoch seconds; the last 10
/// minutes by default), and our own job_id, state, limit, cursor. Throws RequestError (invalid) naming the parameter,
/// also for unknown ones.
service::ExecutionQuery execution_query(const Request& request, Micros now);
const std::vector<QueryParameter>& execution_query_parameters();

}  // namespace foliot::api::ndscheduler
