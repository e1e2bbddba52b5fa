#pragma once

#include "trigger/trigger.hpp"

#include <array>
#include <string>

namespace foliot::api::ndscheduler {

/// The six fields that this dialect shows, in its order: month, day, week, day_of_week, hour, minute.
inline constexpr std::array kShownFields{trigger::Field::month,       trigger::Field::day,  trigger::Field::week,
                                         trigger::Field::day_of_week, trigger::Field::hour, trigger::Field::minute};

/// A field's expression with the defaults filled in; "" when the trigger is no cron expression.
std::string shown_field(const trigger::Trigger& trigger, trigger::Field field);

}  // namespace foliot::api::ndscheduler
