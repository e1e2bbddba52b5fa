#include "trigger/any.hpp"

#include "base/error.hpp"
#include "trigger/walk.hpp"

namespace foliot::trigger {

Any make_any(std::vector<Single> of) {
    constexpr std::size_t kMost = 8;
    if (of.empty() || of.size() > kMost) {
        throw invalid_field("triggers", "must be a list of one to eight triggers, not " + std::to_string(of.size()));
    }
    for (const Single& trigger : of) {
        const auto* interval = std::get_if<Interval>(&trigger);
        if (interval != nullptr && interval->every < kSecond)
            throw invalid_field("triggers", "an interval among several must be at least one second");
    }
    return {std::move(of)};
}

std::optional<Micros> nth_any(const Any& any, Micros after, std::int64_t n) {
    Walk walk(any, after);
    for (;; --n) {
        const auto at = walk.next();
        if (!at || n <= 1) return at;
    }
}

Fires count_any(const Any& any, Micros after, Micros until) {
    Walk walk(any, after);
    Fires fires;
    for (auto at = walk.next(); at && *at <= until; at = walk.next()) {
        if (fires.count++ == 0) fires.first = *at;
        fires.last = *at;
    }
    return fires;
}

}  // namespace foliot::trigger
