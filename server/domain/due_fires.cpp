#include "domain/due_fires.hpp"

#include <algorithm>

namespace foliot {

DueFires::DueFires(const trigger::Trigger& trigger, Micros cursor, std::optional<Micros> next_fire, Micros now)
    : trigger_(trigger),
      first_(next_fire && *next_fire > cursor ? next_fire : trigger::next_after(trigger, cursor)),
      all_{.count = 0, .first = cursor, .last = cursor} {
    if (first_ && *first_ <= now) all_ = from_first(now);
}

Fires DueFires::from_first(Micros until) const {
    Fires fires = trigger::fires_between(trigger_, *first_, until);
    if (fires.count == 0) fires.last = *first_;
    fires.first = *first_;
    ++fires.count;
    return fires;
}

Fires DueFires::between(Micros after, Micros until) const {
    until = std::min(until, all_.last);
    if (all_.count == 0 || all_.first > until || after >= until) return {};
    if (after >= all_.first) return trigger::fires_between(trigger_, after, until);
    return until == all_.last ? all_ : from_first(until);
}

Micros DueFires::nth(Micros after, std::int64_t n) const {
    const Fires all = this->after(after);
    if (n >= all.count) return last();
    if (n <= 1) return n == 1 ? all.first : after;
    return trigger::nth_after(trigger_, all.first, n - 1).value_or(last());
}

std::vector<Micros> DueFires::newest(Micros after, Micros until, std::int64_t n) const {
    const Fires range = between(after, until);
    if (range.count == 0) return {};
    const std::int64_t wanted = std::min(range.count, n);
    auto nominals = trigger::newest_fires(trigger_, range.first, range.last, wanted);
    if (static_cast<std::int64_t>(nominals.size()) < wanted) nominals.insert(nominals.begin(), range.first);
    return nominals;
}

std::optional<Micros> DueFires::next(Micros after) const {
    if (first_ && *first_ > after) return first_;
    return trigger::next_after(trigger_, after);
}

}  // namespace foliot
