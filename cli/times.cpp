#include "cli/times.hpp"

#include "base/time_text.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <utility>

namespace foliot::cli {
namespace {

constexpr Micros kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour, kWeek = 7 * kDay;
constexpr std::array<std::pair<char, Micros>, 5> kUnits{
    {{'w', kWeek}, {'d', kDay}, {'h', kHour}, {'m', kMinute}, {'s', kSecond}}};
constexpr Micros kMost = 100 * 366 * kDay;

/// A wall clock's reading in the local zone as an instant; of one that comes twice the first.
Micros local_instant(Micros reading) {
    const Civil civil = civil_of(reading);
    std::tm fields{};
    fields.tm_year = civil.year - 1900;
    fields.tm_mon = civil.month - 1;
    fields.tm_mday = civil.day;
    fields.tm_hour = civil.hour;
    fields.tm_min = civil.minute;
    fields.tm_sec = civil.second;
    fields.tm_isdst = -1;
    return std::mktime(&fields) * kSecond + civil.micros;
}

std::optional<double> leading_number(std::string_view& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc() || value < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

using Unit = std::pair<Micros, const char*>;

/// "3 h 12 min"; "3 h" when nothing is left.
std::string in_units(Micros length, const Unit& large, const Unit& small) {
    const Micros rest = length % large.first / small.first;
    const std::string text = std::to_string(length / large.first) + " " + large.second;
    return rest == 0 ? text : text + " " + std::to_string(rest) + " " + small.second;
}

}  // namespace

int Times::offset_at(Micros at) const {
    if (utc_) return 0;
    const std::time_t seconds = at / kSecond;
    std::tm fields{};
    return ::localtime_r(&seconds, &fields) == nullptr ? 0 : static_cast<int>(fields.tm_gmtoff);
}

std::string Times::shown(Micros at) const {
    std::string text = iso_time(at - at % kSecond, offset_at(at));
    text[10] = ' ';
    return text;
}

std::string Times::shown(std::string_view iso) const {
    const auto time = parse_time(iso);
    return time ? shown(time->at) : std::string(iso);
}

Micros Times::read(std::string_view option, const std::string& text, Micros now) const {
    if (text == "now") return now;
    if (text.starts_with('+') || text.starts_with('-')) {
        if (const auto length = length_in(std::string_view(text).substr(1)))
            return text.front() == '+' ? now + *length : now - *length;
    } else if (const auto time = parse_time(text)) {
        return time->offset_seconds || utc_ ? time->at : local_instant(time->at);
    }
    throw UsageError("option --" + std::string(option) + " is '" + text +
                     "', wanted a time as in '2026-11-21 02:30', 2026-11-21T01:30:00Z, now, +10m or -2h");
}

std::optional<Micros> length_in(std::string_view text) {
    double all = 0;
    auto unit = kUnits.begin();
    bool bare = false;
    while (!text.empty() && !bare) {
        const auto number = leading_number(text);
        if (!number) return std::nullopt;
        bare = text.empty();
        if (bare && unit != kUnits.begin()) return std::nullopt;  // "1h30"
        while (!bare && unit != kUnits.end() && unit->first != text.front()) ++unit;
        if (unit == kUnits.end()) return std::nullopt;
        all += *number * static_cast<double>(bare ? kSecond : unit->second);
        if (!bare) {
            text.remove_prefix(1);
            ++unit;
        }
    }
    if (!(all >= 1 && all <= static_cast<double>(kMost))) return std::nullopt;
    return static_cast<Micros>(all);
}

std::string length_text(Micros length) {
    if (length < kMinute) {
        std::array<char, 32> text{};
        const bool short_one = length < kSecond;
        const auto value = static_cast<double>(length) / static_cast<double>(short_one ? kMillisecond : kSecond);
        std::snprintf(text.data(), text.size(), short_one ? "%.3g ms" : "%.3g s", value);
        return text.data();
    }
    if (length < kHour) return in_units(length, {kMinute, "min"}, {kSecond, "s"});
    if (length < kDay) return in_units(length, {kHour, "h"}, {kMinute, "min"});
    return in_units(length, {kDay, "d"}, {kHour, "h"});
}

}  // namespace foliot::cli
