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

// Of well-formed UTF-8.
bool has_control_character(std::string_view text);    ///< U+0000 to 1F, 7F to 9F
bool has_invisible_character(std::string_view text);  ///< what joins, marks or turns the direction of others
bool has_outer_blanks(std::string_view text);         ///< of any script
std::size_t characters(std::string_view text);

}  // namespace foliot::service
