#include "cli/wall_clock.hpp"

#include "base/time_text.hpp"
#include "trigger/zone.hpp"

#include <algorithm>
#include <ctime>
#include <string_view>

namespace foliot::cli {
namespace {

constexpr Micros kNear = Micros{2} * 86'400 * kSecond;  // further than any clock jumps

/// The first whole second in (from, to] at which the offset is not what it was.
Micros change_between(Micros from, Micros to, const OffsetAt& offset_at) {
    const Micros before = offset_at(from);
    Micros low = from / kSecond, high = to / kSecond;
    while (high - low > 1) {
        const Micros middle = low + (high - low) / 2;
        (offset_at(middle * kSecond) == before ? low : high) = middle;
    }
    return high * kSecond;
}

/// Without its seconds when there are none.
std::string shown(Micros reading) {
    std::string text = iso_time(reading).substr(0, 19);
    text[10] = ' ';
    if (std::string_view(text).ends_with(":00")) text.resize(16);
    return text;
}

}  // namespace

WallTime wall_time(Micros reading, const OffsetAt& offset_at) {
    const Micros before = offset_at(reading - kNear), after = offset_at(reading + kNear);
    const Micros early = reading - before, late = reading - after;
    const bool shown_early = offset_at(early) == before, shown_late = offset_at(late) == after;
    if (shown_early && shown_late && early != late) return {WallTime::Comes::twice, std::min(early, late)};
    if (shown_early || before == after) return {WallTime::Comes::once, early};
    if (shown_late) return {WallTime::Comes::once, late};
    return {WallTime::Comes::never, change_between(reading - kNear, reading + kNear, offset_at)};
}

std::string note_of(const WallTime& time, Micros reading, const OffsetAt& offset_at) {
    switch (time.comes) {
        case WallTime::Comes::once: break;
        case WallTime::Comes::twice: return shown(reading) + " comes twice: fires the first time";
        case WallTime::Comes::never:
            return shown(reading) + " does not exist: fires at " + shown(time.at + offset_at(time.at));
    }
    return {};
}

std::optional<OffsetAt> offset_of_zone(const std::string& name) {
    try {
        const auto zone = trigger::find_zone(name);
        if (!zone) return std::nullopt;
        return [zone = *zone](Micros at) { return zone == nullptr ? 0 : zone->at(at).offset; };
    } catch (const trigger::NoZones&) {
        return std::nullopt;
    }
}

Micros local_offset(Micros at) {
    const std::time_t seconds = at / kSecond - (at % kSecond < 0 ? 1 : 0);
    std::tm fields{};
    return ::localtime_r(&seconds, &fields) == nullptr ? 0 : fields.tm_gmtoff * kSecond;
}

}  // namespace foliot::cli
