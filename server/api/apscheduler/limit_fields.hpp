// A job's limits as bodies and answers have them: an object with a member for each, lengths in seconds.
#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "domain/resource_limits.hpp"

#include <string_view>

namespace foliot::api::apscheduler {

/// Null: none of its own. Throws RequestError (invalid) with `name` for what cannot be read.
ResourceLimits limits_of(std::string_view name, const json::Value& value);
Schema limits_schema();

/// What is set.
void write_limits(json::Writer& writer, const ResourceLimits& limits);
Schema shown_limits_schema();

}  // namespace foliot::api::apscheduler
