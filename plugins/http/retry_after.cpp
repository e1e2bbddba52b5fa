#include "retry_after.hpp"

#include <time.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace http {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr seconds kLeast{1};
constexpr seconds kMost{3600};

std::optional<sys_seconds> read_date(const std::string& text) {
    std::tm utc{};
    // As HTTP writes it now, and the two ways that it wrote once.
    for (const char* format : {"%a, %d %b %Y %H:%M:%S GMT", "%a, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
        utc = {};
        const char* end = ::strptime(text.c_str(), format, &utc);
        if (end != nullptr && *end == '\0') return sys_seconds(seconds(::timegm(&utc)));
    }
    return std::nullopt;
}

}  // namespace

std::optional<seconds> retry_after(const std::string& text, sys_seconds now) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    seconds wait{number};
    if (text.find_first_not_of("0123456789") != std::string::npos || text.empty()) {
        const auto date = read_date(text);
        if (!date) return std::nullopt;
        wait = *date - now;
    } else if (error == std::errc::result_out_of_range) {
        wait = kMost;
    }
    return std::clamp(wait, kLeast, kMost);
}

}  // namespace http
