// Times, lengths and numbers as sentences for people say them; what texts of people may hold.
#pragma once

#include "base/clock.hpp"
#include "domain/job.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace foliot::service {

/// "350 us", "12 ms", "3.5 s", "5 min 2 s", "2 h 10 min", "3 d 4 h": two units at most.
std::string said_length(Micros length);

/// "1 fire", "3 fires".
std::string counted(std::int64_t number, std::string_view noun);

/// "active", "paused"...
std::string_view name_of(JobStatus status);

bool has_control_character(std::string_view text);
std::size_t characters(std::string_view utf8);  ///< of well-formed UTF-8

}  // namespace foliot::service
