#pragma once

#include "api/http/schema.hpp"
#include "domain/job.hpp"

#include <string>
#include <vector>

namespace foliot::api::apscheduler {

/// The job as this dialect shows it: keys sorted, ASCII, numbers of arguments as they came.
std::string job_json(const Job& job);
std::string jobs_json(const std::vector<Job>& jobs);
Schema job_schema();

}  // namespace foliot::api::apscheduler
