#include "trigger/zone.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace foliot::trigger {
namespace {

/// The calendar, its weekdays too, and so every rule of a footer repeat after so many microseconds.
constexpr Micros kCycle = Micros{146'097} * 86'400 * kSecond;

}  // namespace

Zone::Zone(std::string name, std::vector<Stretch> stretches, bool repeats)
    : name_(std::move(name)), stretches_(std::move(stretches)), repeats_(repeats) {
    assert(!stretches_.empty());
}

Zone::Stretch Zone::at(Micros instant) const {
    if (missing())
        throw invalid_field("timezone", "the tz database has no zone '" + name_ + "' any more, or its file is damaged");
    const Micros last = stretches_.back().begin;
    const Micros shift = repeats_ && instant >= last ? ((instant - last) / kCycle + 1) * kCycle : 0;
    auto found = std::upper_bound(stretches_.begin(), stretches_.end(), instant - shift,
                                  [](Micros at, const Stretch& stretch) { return at < stretch.begin; });
    if (found != stretches_.begin()) --found;
    Stretch stretch = *found;
    if (shift == 0) return stretch;
    stretch.begin += shift;
    stretch.end += shift;
    stretch.seen += shift;
    return stretch;
}

Micros Zone::instant_of(Micros local) const {
    constexpr Micros kFurthest = Micros{48} * 3600 * kSecond;  // beyond every offset and every jump
    for (Stretch stretch = at(local - kFurthest);; stretch = at(stretch.end)) {
        if (local < stretch.end + stretch.offset) return std::max(stretch.begin, local - stretch.offset);
    }
}

}  // namespace foliot::trigger
