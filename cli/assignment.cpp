#include "cli/assignment.hpp"

#include "base/json.hpp"
#include "cli/options.hpp"

namespace foliot::cli {

Assignment assignment_of(std::string_view option, std::string_view wanted, const std::string& given) {
    const std::size_t equals = given.find('=');
    if (equals == 0 || equals == std::string::npos)
        throw UsageError("option " + std::string(option) + " is '" + given + "', wanted " + std::string(wanted));
    return {given.substr(0, equals), given.substr(equals + 1)};
}

std::string json_of(const std::string& text) {
    try {
        return std::string(json::parse(text).raw);
    } catch (const json::SyntaxError&) {
        return json::quote(text);
    }
}

}  // namespace foliot::cli
