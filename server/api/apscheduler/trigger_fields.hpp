// The trigger part of a job's body.
#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "trigger/trigger.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::api::apscheduler {

using Given = std::map<std::string_view, const json::Value*>;  ///< fields of a body by name

/// A field of some kind of trigger: run_date, seconds, hour, start_date...
bool is_trigger_field(std::string_view name);

/// That of times beside the trigger: the one that is given, or `otherwise`. Throws RequestError naming "timezone".
trigger::ZonePtr zone_beside(const Given& given, const trigger::ZonePtr& otherwise);

/// When a trigger is made, and the zone of those that name none.
struct Circumstances {
    Micros now;
    trigger::ZonePtr zone;
};

/// Both throw RequestError (invalid) naming the field: unknown kind, field of another kind, wrong value.
/// From scratch; `type` is "date", "interval", "cron", "crontab", "any" or "schedule". A
/// schedule is not looked up yet: its revision is 0.
trigger::Trigger make_trigger(std::string_view type, const Given& given, const Circumstances& when);
/// The present trigger with the given fields changed, in its own zone. Any length given is the whole new interval.
trigger::Trigger change_trigger(const trigger::Trigger& present, const Given& given, const Circumstances& when);

Schema trigger_type_schema();
/// Every field of any kind of trigger. That a kind has not all of them is not said.
std::vector<Schema::Property> trigger_properties();

}  // namespace foliot::api::apscheduler
