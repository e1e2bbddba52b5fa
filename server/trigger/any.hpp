// The part of unions inside this room.
#pragma once

#include "trigger/trigger.hpp"

namespace foliot::trigger {

std::optional<Micros> nth_any(const Any& any, Micros after, std::int64_t n);
Fires count_any(const Any& any, Micros after, Micros until);

}  // namespace foliot::trigger
