#include "cli/standard_input.hpp"

#include "cli/options.hpp"

#include <iostream>
#include <sstream>

namespace foliot::cli {

std::string standard_input(const std::string& option) {
    static std::string taken_by;
    if (!taken_by.empty())
        throw UsageError("option " + option + " is to be read from standard input, as " + taken_by + " is");
    taken_by = option;
    std::ostringstream text;
    text << std::cin.rdbuf();
    return text.str();
}

}  // namespace foliot::cli
