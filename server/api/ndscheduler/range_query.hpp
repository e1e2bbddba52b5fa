// What the queries of lists have in common: a range of time, a limit, no unknown parameters.
#pragma once

#include "api/http/router.hpp"
#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::api::ndscheduler {

/// An instant of a query: a date in any form where the order of the parts is known (api/apscheduler/dates.hpp), no
/// offset means UTC, or epoch seconds. The "+" of an offset may have come as the blank that it means in a query.
/// Throws RequestError (invalid) naming the parameter.
Micros instant_of(std::string_view name, const std::string& text);

struct TimeRange {
    Micros from;
    std::optional<Micros> until;  ///< nothing: open, so that nothing made this instant is left out
};
/// time_range_start and time_range_end; by default the last 10 minutes. Throws likewise.
TimeRange time_range(const Request& request, Micros now);

inline constexpr std::size_t kMostRows = 10'000;
/// `limit`, from 1 to kMostRows (the default). Throws likewise.
std::size_t limit_of(const Request& request);

/// Those that these functions read, and `cursor`.
std::vector<QueryParameter> range_parameters();

/// Throws likewise for a parameter that is none of these.
void check_names(const Request& request, const std::vector<QueryParameter>& known);

}  // namespace foliot::api::ndscheduler
