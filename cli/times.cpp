#include "cli/times.hpp"

#include "base/time_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

namespace foliot::cli {
namespace {

constexpr Micros kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour, kWeek = 7 * kDay;
constexpr std::array<std::pair<char, Micros>, 5> kUnits{
    {{'w', kWeek}, {'d', kDay}, {'h', kHour}, {'m', kMinute}, {'s', kSecond}}};
constexpr Micros kMost = 36'600 * kDay;

std::optional<double> leading_number(std::string_view& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc() || value < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Of the time with its offset that `text` begins with, as the server writes one; 0: it begins with none.
std::size_t time_length(std::string_view text) {
    constexpr std::string_view shape = "0000-00-00T00:00:00";
    const auto fits = [&](std::string_view part, std::string_view wanted) {
        return part.size() == wanted.size() &&
               std::ranges::equal(part, wanted, [](char c, char w) { return w == '0' ? is_digit(c) : c == w; });
    };
    if (!fits(text.substr(0, shape.size()), shape)) return 0;
    std::size_t end = shape.size();
    if (end < text.size() && text[end] == '.')
        for (++end; end < text.size() && is_digit(text[end]);) ++end;
    if (end < text.size() && text[end] == 'Z') return end + 1;
    const std::string_view offset = text.substr(end, 6);
    return fits(offset, "+00:00") || fits(offset, "-00:00") ? end + offset.size() : 0;
}

using Unit = std::pair<Micros, const char*>;

/// "3 h 12 min"; "3 h" when nothing is left.
std::string in_units(Micros length, const Unit& large, const Unit& small) {
    const Micros rest = length % large.first / small.first;
    const std::string text = std::to_string(length / large.first) + " " + large.second;
    return rest == 0 ? text : text + " " + std::to_string(rest) + " " + small.second;
}

}  // namespace

Micros Times::offset_at(Micros at) const { return utc_ ? 0 : local_offset(at); }

std::string Times::exact(Micros at) const {
    std::string text = iso_time(at, static_cast<int>(offset_at(at) / kSecond));
    text[10] = ' ';
    return text;
}

std::string Times::shown(Micros at) const { return exact(at - at % kSecond); }

std::string Times::shown(std::string_view iso) const {
    const auto time = parse_time(iso);
    return time ? shown(time->at) : std::string(iso);
}

std::string Times::within(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = time_length(text);
        out += length == 0 ? std::string(text.substr(0, 1)) : shown(text.substr(0, length));
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

Moment Times::moment(std::string_view option, const std::string& text, Micros now) const {
    return moment(option, text, now, [this](Micros at) { return offset_at(at); });
}

Moment Times::moment(std::string_view option, const std::string& text, Micros now, const OffsetAt& offset_at) {
    if (text == "now") return {now, {}};
    if (text.starts_with('+') || text.starts_with('-')) {
        if (const auto length = length_in(std::string_view(text).substr(1)))
            return {text.front() == '+' ? now + *length : now - *length, {}};
    } else if (const auto time = parse_time(text)) {
        if (time->offset_seconds) return {time->at, {}};
        const WallTime wall = wall_time(time->at, offset_at);
        return {wall.at, note_of(wall, time->at, offset_at)};
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
