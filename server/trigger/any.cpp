#include "trigger/any.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace foliot::trigger {
namespace {

std::optional<Micros> next_of(const Single& trigger, Micros after) {
    return std::visit([&](const auto& t) { return next_after(t, after); }, trigger);
}

/// Steps through the fires of all, each instant once.
class Walk {
  public:
    Walk(const Any& any, Micros after) : any_(any) {
        for (const Single& trigger : any.of) next_.push_back(next_of(trigger, after));
    }

    std::optional<Micros> next() {
        std::optional<Micros> first;
        for (const auto& at : next_) {
            if (at && (!first || *at < *first)) first = at;
        }
        for (std::size_t i = 0; first && i < next_.size(); ++i) {
            if (next_[i] == first) next_[i] = next_of(any_.of[i], *first);
        }
        return first;
    }

  private:
    const Any& any_;
    std::vector<std::optional<Micros>> next_;  // of each, not stepped to yet
};

}  // namespace

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
