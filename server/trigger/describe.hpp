// Triggers in words, for people.
#pragma once

#include "trigger/trigger.hpp"

#include <string>
#include <vector>

namespace foliot::trigger {

/// As "every day at 02:00, Berlin time". `in` is the zone of the instants named (null: UTC).
std::string describe(const Trigger& trigger, const ZonePtr& in = {});

/// What changes of the clock in (after, until] do to it, one sentence each, at most ten, by time:
/// "on 2026-03-29 02:00 does not exist: fires at 03:00". Or that there is no fire at `after` or later.
std::vector<std::string> warnings(const Trigger& trigger, Micros after, Micros until);

}  // namespace foliot::trigger
