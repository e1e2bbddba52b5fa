// Dates as clients write them, in all the forms where the order of the parts is known.
#pragma once

#include "base/time_text.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::api::apscheduler {

/// A year first ("2099-01-02", "2099/1/2", "20990102") or a month by its name ("Jan 2 2099", "2 January 2099"), with or
/// without a weekday, a time ("T03:04:05.5", "3:4", "0304", "3pm", "3:04 PM") and an offset ("Z", "UTC", "GMT",
/// "+0200"). UTC when there is no offset. Nothing where the order of the parts is a guess, or a part is missing.
std::optional<ParsedTime> read_time(std::string_view text);

/// What is wrong with a text that read_time() cannot read, as "there is no 30 February in 2099"; "" when it is too far
/// from a date to say.
std::string problem_of(std::string_view text);

}  // namespace foliot::api::apscheduler
