// The two halves of cron inside this room: the grammar that compiles fields, and the walk over the calendar.
#pragma once

#include "trigger/trigger.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::trigger {

/// The last instant there is, 9999-12-31T23:59:59.999999 UTC, and the first, 0001-01-01.
inline constexpr Micros kLastInstant = 253'402'300'800 * kSecond - 1;
inline constexpr Micros kFirstInstant = -62'135'596'800 * kSecond;

/// Sets what `text` stands for in `cron`; returns the text normalised. Throws RequestError naming the field.
std::string compile_field(Cron& cron, Field field, std::string_view text);

/// The first fire strictly after `after`, within start and end.
std::optional<Micros> next_cron(const Cron& cron, Micros after);

/// Is there any date at all that the fields match, start and end aside?
bool matches_any_date(const Cron& cron);

}  // namespace foliot::trigger
