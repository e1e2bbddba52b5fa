#pragma once

#include "api/apscheduler/trigger_fields.hpp"
#include "api/http/schema.hpp"
#include "domain/job.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace foliot::api::apscheduler {

/// The job as this dialect shows it: keys sorted, ASCII, numbers of arguments as they came.
std::string job_json(const Job& job);
std::string jobs_json(const std::vector<Job>& jobs);
/// Is this all that the trigger is shown with, type and fields as they are shown?
bool shown_as(const trigger::Trigger& trigger, std::string_view type, const Given& fields);
/// The trigger alone, an object with its type, fields and zone; null for none. As `trigger` it makes the same again.
std::string trigger_json(const trigger::Trigger& trigger);
Schema job_schema();

}  // namespace foliot::api::apscheduler
