#include "service/words.hpp"

#include <algorithm>
#include <array>

namespace foliot::service {
namespace {

constexpr Micros kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

/// Tenths below ten, else whole: "3.5", "42".
std::string short_number(Micros length, Micros unit) {
    const Micros tenths = length * 10 / unit;
    std::string text = std::to_string(tenths / 10);
    if (tenths < 100 && tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
    return text;
}

}  // namespace

std::string said_length(Micros length) {
    if (length < 0) return "-" + said_length(-length);
    if (length < kMillisecond) return std::to_string(length) + " us";
    if (length < kSecond) return short_number(length, kMillisecond) + " ms";
    if (length < kMinute) return short_number(length, kSecond) + " s";
    struct Unit {
        Micros length;
        std::string_view name;
        Micros part;
        std::string_view part_name;
    };
    constexpr std::array<Unit, 3> kUnits{
        {{kDay, " d", kHour, " h"}, {kHour, " h", kMinute, " min"}, {kMinute, " min", kSecond, " s"}}};
    const Unit& unit = length >= kDay ? kUnits[0] : length >= kHour ? kUnits[1] : kUnits[2];
    std::string text = std::to_string(length / unit.length) + std::string(unit.name);
    const Micros parts = length % unit.length / unit.part;
    if (parts > 0) text += " " + std::to_string(parts) + std::string(unit.part_name);
    return text;
}

std::string counted(std::int64_t number, std::string_view noun) {
    return std::to_string(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

std::string_view name_of(JobStatus status) {
    switch (status) {
        case JobStatus::active: return "active";
        case JobStatus::paused: return "paused";
        case JobStatus::finished: return "finished";
        case JobStatus::broken: return "broken";
        case JobStatus::deleted: break;
    }
    return "deleted";
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::size_t characters(std::string_view utf8) {
    const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), begins));
}

}  // namespace foliot::service
