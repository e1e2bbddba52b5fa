#pragma once

#include "api/http/router.hpp"
#include "service/jobs.hpp"

#include <vector>

namespace foliot::api::ndscheduler {

/// The query of the list of jobs. Throws RequestError (invalid) naming the parameter.
service::JobQuery job_query(const Request& request);

std::vector<QueryParameter> job_query_parameters();

}  // namespace foliot::api::ndscheduler
