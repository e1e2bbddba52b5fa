#include "api/ndscheduler/range_query.hpp"

#include "api/apscheduler/dates.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace foliot::api::ndscheduler {
namespace {

constexpr Micros kDefaultRange = 600 * kSecond;

template <class Number>
std::optional<Number> number(const std::string& text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// "...T01:30:00 02:00" was "...T01:30:00+02:00" before it was decoded.
std::string with_plus(std::string text) {
    const auto blank = text.rfind(' ');
    const bool after_time = blank != std::string::npos && text.find(':') < blank;
    if (after_time) text[blank] = '+';
    return text;
}

}  // namespace

Micros instant_of(std::string_view name, const std::string& text) {
    if (const auto time = apscheduler::read_time(text)) return time->at;
    if (const auto time = apscheduler::read_time(with_plus(text))) return time->at;
    const auto epoch = number<double>(text);
    constexpr double kLatest = 253402300800.0;  // year 10000
    if (epoch && *epoch >= 0 && *epoch < kLatest) return std::llround(*epoch * static_cast<double>(kSecond));
    throw invalid_field(name, "cannot read '" + text + "'; write 2026-11-21T01:30:00Z or epoch seconds");
}

TimeRange time_range(const Request& request, Micros now) {
    const auto start = request.query_value("time_range_start");
    const auto end = request.query_value("time_range_end");
    TimeRange range{};
    if (end) range.until = instant_of("time_range_end", *end);
    range.from = start ? instant_of("time_range_start", *start) : range.until.value_or(now) - kDefaultRange;
    return range;
}

std::size_t limit_of(const Request& request) {
    const auto text = request.query_value("limit");
    if (!text) return kMostRows;
    const auto limit = number<std::size_t>(*text);
    if (!limit || *limit < 1 || *limit > kMostRows) {
        throw invalid_field("limit", "must be from 1 to 10000, not '" + *text + "'");
    }
    return *limit;
}

std::vector<QueryParameter> range_parameters() {
    const Schema text = Schema::text();
    return {
        {"time_range_start", text, "ISO 8601 or epoch seconds; 10 minutes before the end unless given"},
        {"time_range_end", text, "ISO 8601 or epoch seconds; open unless given"},
        {"limit", Schema::whole(1, kMostRows), "at most so many"},
        {"cursor", text, "next_cursor of the page before"},
    };
}

void check_names(const Request& request, const std::vector<QueryParameter>& known) {
    for (const auto& given : request.query) {
        const bool is_known =
            std::any_of(known.begin(), known.end(), [&](const QueryParameter& one) { return one.name == given.first; });
        if (!is_known) throw invalid_field(given.first, "is unknown");
    }
}

}  // namespace foliot::api::ndscheduler
