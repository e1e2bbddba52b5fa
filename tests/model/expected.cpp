#include "model/expected.hpp"

#include <algorithm>

namespace foliot::testing {

constexpr Micros kMinute = 60 * kSecond;

trigger::Trigger Plain::trigger() const {
    if (kind == Kind::date) return trigger::Date{at, 0};
    if (kind == Kind::interval) return trigger::Interval{.every = every, .start = at, .end = end};
    std::array<std::optional<std::string>, trigger::kFieldCount> given;
    given[static_cast<std::size_t>(trigger::Field::minute)] = "*/" + std::to_string(every / kMinute);
    return trigger::make_cron(std::move(given), {}, end);
}

void Plain::append_fires(Micros from, Micros until, std::vector<Micros>& fires) const {
    const auto wanted = [&](Micros t) { return t > from && t <= until && (!end || t <= *end); };
    if (kind == Kind::date) {
        if (wanted(at)) fires.push_back(at);
    } else if (kind == Kind::interval) {
        for (Micros t = at; t <= until; t += every) {
            if (wanted(t)) fires.push_back(t);
        }
    } else {
        for (Micros t = from / kMinute * kMinute; t <= until; t += kMinute) {
            const Micros minute = t / kMinute % 60;
            if (wanted(t) && minute % (every / kMinute) == 0) fires.push_back(t);
        }
    }
}

void Owed::forget_after(Micros instant) {
    while (fires_.size() > base_ && fires_.back() > instant) fires_.pop_back();
}

void Owed::change(const Plain& trigger, Micros from, Micros covered) {
    until(covered);
    forget_after(covered);
    trigger_ = trigger;
    listed_ = from;
    open_ = true;
}

void Owed::restart(const Plain& trigger, Micros covered, Micros now) {
    forget_after(covered);
    base_ = fires_.size();
    trigger_ = trigger;
    listed_ = now - 1;
}

std::size_t Owed::count(Micros settled) {
    until(settled);
    const auto current = fires_.begin() + static_cast<std::ptrdiff_t>(base_);
    return static_cast<std::size_t>(std::upper_bound(current, fires_.end(), settled) - fires_.begin());
}

void Owed::close(Micros now) {
    until(now);
    open_ = false;
}

const std::vector<Micros>& Owed::until(Micros now) {
    if (open_ && now > listed_) {
        trigger_.append_fires(listed_, now, fires_);
        listed_ = now;
    }
    return fires_;
}

}  // namespace foliot::testing
