#include "domain/due_fires.hpp"

#include <algorithm>

namespace foliot {

DueFires::DueFires(const trigger::Trigger& trigger, Micros cursor, std::optional<Micros> next_fire, Micros now)
    : trigger_(trigger),
      first_(next_fire && *next_fire > cursor ? next_fire : trigger::next_after(trigger, cursor)),
      last_(cursor) {
    if (!first_ || *first_ > now) return;
    const Fires rest = trigger::fires_between(trigger_, *first_, now);
    last_ = rest.count > 0 ? rest.last : *first_;
}

Fires DueFires::between(Micros after, Micros until) const {
    until = std::min(until, last_);
    if (!first_ || *first_ > until || after >= until) return {};
    if (after >= *first_) return trigger::fires_between(trigger_, after, until);
    Fires fires = trigger::fires_between(trigger_, *first_, until);
    if (fires.count == 0) fires.last = *first_;
    fires.first = *first_;
    ++fires.count;
    return fires;
}

Micros DueFires::nth(Micros after, std::int64_t n) const {
    const Fires all = this->after(after);
    if (n >= all.count) return last_;
    if (n <= 1) return n == 1 ? all.first : after;
    if (const auto* interval = std::get_if<trigger::Interval>(&trigger_)) {
        const auto second = trigger::next_after(trigger_, all.first);
        return second.value_or(all.first) + (n - 2) * interval->every;
    }
    return trigger::fires_between(trigger_, all.first, last_, n - 1).last;
}

std::vector<Micros> DueFires::newest(Micros after, Micros until, std::int64_t n) const {
    const Fires range = between(after, until);
    if (range.count == 0) return {};
    const auto wanted = static_cast<std::size_t>(std::min(range.count, n));
    auto nominals = trigger::newest_fires(trigger_, range.first, range.last, wanted);
    if (nominals.size() < wanted) nominals.insert(nominals.begin(), range.first);
    return nominals;
}

std::optional<Micros> DueFires::next(Micros after) const {
    if (first_ && *first_ > after) return first_;
    return trigger::next_after(trigger_, after);
}

}  // namespace foliot
