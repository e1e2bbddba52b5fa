// Instants as text. Strict: what is not exactly a date is no date.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot {

struct ParsedTime {
    Micros at = 0;                      ///< UTC; a text without offset is taken as UTC
    std::optional<int> offset_seconds;  ///< the offset as written, if any ("Z" is 0)
};

/// ISO 8601 / RFC 3339: YYYY-MM-DD[T| ]HH:MM[:SS[.f{1,6+}]][Z|+hh:mm|+hhmm|+hh], or a date alone (midnight).
/// Years 1..9999; second 60 refused; fractions beyond microseconds are cut.
std::optional<ParsedTime> parse_time(std::string_view text);

/// "2026-11-21T01:30:00+00:00", microseconds only when not zero (as Python's isoformat), at the given offset.
std::string iso_time(Micros at, int offset_seconds = 0);

/// Civil fields of an instant in UTC. weekday: 0 is Monday.
struct Civil {
    int year, month, day, hour, minute, second, micros, weekday;
};
Civil civil_of(Micros at);
Micros micros_of(const Civil& civil);  ///< ignores weekday; fields must be in range

}  // namespace foliot
