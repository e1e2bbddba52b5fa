#include "service/words.hpp"

#include "base/utf8.hpp"

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

struct Range {
    std::uint32_t first, last;
};
constexpr std::array<Range, 2> kControls{{{0, 0x1f}, {0x7f, 0x9f}}};
/// Zero-width and direction marks, line and paragraph separators, embeddings, word joiner, isolates, byte order mark.
constexpr std::array<Range, 4> kInvisible{{{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}}};
/// White_Space of Unicode 15, but the controls.
constexpr std::array<Range, 8> kBlanks{{{0x20, 0x20},
                                        {0xa0, 0xa0},
                                        {0x1680, 0x1680},
                                        {0x2000, 0x200a},
                                        {0x2028, 0x2029},
                                        {0x202f, 0x202f},
                                        {0x205f, 0x205f},
                                        {0x3000, 0x3000}}};

template <std::size_t N>
bool is_one_of(std::uint32_t character, const std::array<Range, N>& ranges) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const Range& range) { return range.first <= character && character <= range.last; });
}

template <std::size_t N>
bool has_any_of(std::string_view text, const std::array<Range, N>& ranges) {
    while (!text.empty()) {
        if (is_one_of(utf8::decode(text), ranges)) return true;
        text.remove_prefix(std::max<std::size_t>(1, utf8::sequence_length(text)));
    }
    return false;
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

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

bool has_control_character(std::string_view text) { return has_any_of(text, kControls); }
bool has_invisible_character(std::string_view text) { return has_any_of(text, kInvisible); }

bool has_outer_blanks(std::string_view text) {
    if (text.empty()) return false;
    std::size_t last = text.size() - 1;
    while (last > 0 && !begins_character(text[last])) --last;
    return is_one_of(utf8::decode(text), kBlanks) || is_one_of(utf8::decode(text.substr(last)), kBlanks);
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

}  // namespace foliot::service
