// NAME=VALUE on a command line.
#pragma once

#include <string>
#include <string_view>

namespace foliot::cli {

struct Assignment {
    std::string name, value;
};

/// Throws UsageError that says what the option wants.
Assignment assignment_of(std::string_view option, std::string_view wanted, const std::string& given);

/// The text itself if it is JSON, else as a JSON text.
std::string json_of(const std::string& text);

}  // namespace foliot::cli
