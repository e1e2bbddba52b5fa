// The rules of a job as answers show them: in the words and units of a job's fields.
#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "domain/job.hpp"

#include <vector>

namespace foliot::api::apscheduler {

/// Adds a member for each of them: misfire_policy, timeout, tags...
void write_options(json::Writer& writer, const Definition& definition);
std::vector<Schema::Property> option_properties();

}  // namespace foliot::api::apscheduler
