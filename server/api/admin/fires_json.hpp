// Coming fires, as previews show them.
#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "trigger/trigger.hpp"

#include <vector>

namespace foliot::api::admin {

/// "fires", each with the offset of its zone, "description" and "warnings": those up to the last fire, and of a year
/// after `from` at least.
void write_fires(json::Writer& writer, const trigger::Trigger& trigger, const std::vector<Micros>& fires, Micros from);

std::vector<Schema::Property> fires_properties();

}  // namespace foliot::api::admin
