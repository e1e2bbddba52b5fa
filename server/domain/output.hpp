// What runs write.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace foliot {

enum class Stream { out = 1, err = 2, log = 3 };  ///< numbers are stored
std::string_view wire_name(Stream stream);        ///< stdout, stderr, log

enum class LogLevel { debug = 0, info = 1, warning = 2, error = 3 };  ///< numbers are stored
std::string_view wire_name(LogLevel level);                           ///< DEBUG, INFO, ...

/// A piece of what a run wrote. Pieces stand in the order in which they came.
struct OutputChunk {
    Stream stream = Stream::out;
    Micros at = 0;                    ///< UTC: when it came; of a log line: when the run wrote it
    std::string data{};               ///< bytes, as they were written; of a log line: its text
    LogLevel level = LogLevel::info;  ///< of a log line
    std::string fields{};             ///< of a log line: a JSON object, as the run says; empty: none
    std::uint64_t left_out =
        0;  ///< not 0: in this place so many bytes (of a log: lines) are missing; nothing else is set
};

std::string log_line(const OutputChunk& line);  ///< "LEVEL text fields"

}  // namespace foliot
