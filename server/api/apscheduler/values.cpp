#include "api/apscheduler/values.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>

namespace foliot::api::apscheduler {
namespace {

RequestError wrong_type(std::string_view field, std::string_view wanted, const json::Value& value) {
    return invalid_field(field, "must be " + std::string(wanted) + ", not " + std::string(json::kind_name(value.kind)));
}

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string two_digits(std::string_view number) { return (number.size() == 1 ? "0" : "") + std::string(number); }

/// "20990102", "2099-1-2" or "2099/1/2" as "2099-01-02"; anything else stays.
std::string full_date(std::string_view date) {
    if (date.size() > 4 && date[4] == '/') {
        std::string dashed(date);
        std::replace(dashed.begin(), dashed.end(), '/', '-');
        return full_date(dashed);
    }
    if (date.size() == 8 && all_digits(date)) {
        return std::string(date.substr(0, 4)) + "-" + std::string(date.substr(4, 2)) + "-" +
               std::string(date.substr(6));
    }
    const auto first = date.find('-');
    const auto second = first == std::string_view::npos ? first : date.find('-', first + 1);
    if (second == std::string_view::npos) return std::string(date);
    return std::string(date.substr(0, first)) + "-" + two_digits(date.substr(first + 1, second - first - 1)) + "-" +
           two_digits(date.substr(second + 1));
}

/// "030405" and "3:04:05" as "03:04:05"; "03:04:05,1 +0200" as "03:04:05.1+0200"; anything else stays.
std::string full_time(std::string_view time) {
    if (const auto gap = time.find(' '); gap != std::string_view::npos && time.find_first_of("+-") == gap + 1)
        return full_time(std::string(time.substr(0, gap)) + std::string(time.substr(gap + 1)));
    if (const auto comma = time.find(','); comma != std::string_view::npos)
        return full_time(std::string(time.substr(0, comma)) + "." + std::string(time.substr(comma + 1)));
    if (time.ends_with('z')) return full_time(std::string(time.substr(0, time.size() - 1)) + "Z");
    if (time.size() >= 6 && all_digits(time.substr(0, 6))) {
        return std::string(time.substr(0, 2)) + ":" + std::string(time.substr(2, 2)) + ":" +
               std::string(time.substr(4));
    }
    const bool one_digit_hour = time.size() > 1 && time[1] == ':';
    return (one_digit_hour ? "0" : "") + std::string(time);
}

/// "Fri, 02 Jan 2099 03:04:05 GMT" (RFC 9110, 5.6.7; also how Flask writes a time in JSON) as "2099-01-02T03:04:05Z".
std::optional<std::string> http_date(std::string_view text) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || text.substr(3, 2) != ", " || !text.ends_with(" GMT")) return std::nullopt;
    const auto month = kMonths.find(text.substr(8, 3));
    const bool blanks = text[7] == ' ' && text[11] == ' ' && text[16] == ' ';
    if (!blanks || month == std::string_view::npos || month % 3 != 0) return std::nullopt;
    return std::string(text.substr(12, 4)) + "-" + two_digits(std::to_string(month / 3 + 1)) + "-" +
           std::string(text.substr(5, 2)) + "T" + std::string(text.substr(17, 8)) + "Z";
}

}  // namespace

std::string text_of(std::string_view field, const json::Value& value) {
    if (!value.is(json::Kind::string)) throw wrong_type(field, "a text", value);
    return value.string;
}

std::int64_t whole_of(std::string_view field, const json::Value& value) {
    if (value.is(json::Kind::boolean)) return value.boolean ? 1 : 0;
    const bool whole = value.raw.find_first_of(".eE") == std::string_view::npos;
    if (value.is(json::Kind::real) && whole) throw invalid_field(field, "is too large");
    if (!value.is(json::Kind::integer)) throw wrong_type(field, "an integer", value);
    return value.integer;
}

double number_of(std::string_view field, const json::Value& value) {
    if (!value.is(json::Kind::integer) && !value.is(json::Kind::real)) throw wrong_type(field, "a number", value);
    return value.real;
}

Micros length_of(std::string_view field, const json::Value& value) {
    if (!value.is(json::Kind::integer) && !value.is(json::Kind::real))
        throw wrong_type(field, "a number of seconds", value);
    if (std::abs(value.real) > kLongestLength) throw invalid_field(field, "is too large");
    return std::llround(static_cast<long double>(value.real) * kSecond);
}

ParsedTime time_of(std::string_view field, const json::Value& value) {
    if (!value.is(json::Kind::string)) throw wrong_type(field, "a date as text", value);
    const auto time = read_time(value.string);
    if (!time) {
        throw invalid_field(field,
                            "cannot read the date '" + value.string + "'; write it as 2099-12-31T23:59:59+00:00");
    }
    return *time;
}

Schema time_schema() {
    return Schema::text(8)
        .described("ISO 8601 date or time, or an HTTP date; in UTC when it has no offset")
        .with_example(R"("2099-12-31T23:59:59+00:00")");
}

std::optional<ParsedTime> read_time(std::string_view text) {
    if (const auto date = http_date(text)) return parse_time(*date);
    if (text.ends_with(" UTC") || text.ends_with(" GMT"))
        return read_time(std::string(text.substr(0, text.size() - 4)) + "Z");
    const auto gap = text.find_first_of("Tt ");
    if (gap == std::string_view::npos) return parse_time(full_date(text));
    return parse_time(full_date(text.substr(0, gap)) + "T" + full_time(text.substr(gap + 1)));
}

bool truthy(const json::Value& value) {
    switch (value.kind) {
        case json::Kind::null: return false;
        case json::Kind::boolean: return value.boolean;
        case json::Kind::integer:
        case json::Kind::real: return value.real != 0;
        case json::Kind::string: return !value.string.empty();
        case json::Kind::array: return !value.items.empty();
        case json::Kind::object: break;
    }
    return !value.members.empty();
}

}  // namespace foliot::api::apscheduler
