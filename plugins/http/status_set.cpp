#include "status_set.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace http {
namespace {

using foliot::Kind;
using foliot::Value;

std::optional<int> read_status(std::string_view text) {
    int status = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && status >= 100 && status <= 599 ? std::optional(status) : std::nullopt;
}

std::optional<std::pair<int, int>> read_range(const Value& value) {
    const bool is_text = value.kind() == Kind::string;
    if (!is_text && value.kind() != Kind::integer) return std::nullopt;
    const std::string text = is_text ? std::string(value.as_string()) : std::to_string(value.as_int());
    const std::size_t dash = text.find('-');
    const auto first = read_status(std::string_view(text).substr(0, dash));
    const auto last = dash == std::string::npos ? first : read_status(std::string_view(text).substr(dash + 1));
    if (!first || !last || *first > *last) return std::nullopt;
    return std::pair(*first, *last);
}

[[noreturn]] void refuse(const char* argument, const Value& value) {
    throw foliot::BadArguments(std::string("argument '") + argument + "': " + value.json() +
                               " is no status (100 to 599) or range such as \"200-299\"");
}

}  // namespace

StatusSet StatusSet::read(const std::vector<Value>& list, const char* argument) {
    StatusSet out;
    out.ranges_.clear();
    for (const Value& value : list) {
        const auto range = read_range(value);
        if (!range) refuse(argument, value);
        out.ranges_.push_back(*range);
    }
    if (out.ranges_.empty()) throw foliot::BadArguments(std::string("argument '") + argument + "' accepts no status");
    return out;
}

bool StatusSet::contains(int status) const {
    return std::any_of(ranges_.begin(), ranges_.end(),
                       [&](const auto& range) { return status >= range.first && status <= range.second; });
}

}  // namespace http
