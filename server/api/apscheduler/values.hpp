// Single values of a request's body: what they may be, and what they mean.
#pragma once

#include "api/http/schema.hpp"
#include "base/ascii.hpp"
#include "base/json.hpp"
#include "trigger/trigger.hpp"

#include <string>
#include <string_view>

namespace foliot::api::apscheduler {

constexpr double kLongestLength = 1e11;  ///< seconds; keeps sums of instants and lengths within 64 bits of microseconds

/// All throw RequestError (invalid) naming the field.
std::string text_of(std::string_view field, const json::Value& value);
std::int64_t whole_of(std::string_view field, const json::Value& value);  ///< true is 1, as Python takes it
double number_of(std::string_view field, const json::Value& value);
Micros length_of(std::string_view field, const json::Value& value);  ///< seconds, with fractions
/// Without an offset it is local time in `zone`.
trigger::Written time_of(std::string_view field, const json::Value& value, const trigger::ZonePtr& zone);
/// A name of the tz database; null is `otherwise`.
trigger::ZonePtr zone_of(const json::Value& value, const trigger::ZonePtr& otherwise);

Schema time_schema();  ///< what time_of() takes

/// What Python takes for true: all but null, false, zero and the empty.
bool truthy(const json::Value& value);

}  // namespace foliot::api::apscheduler
