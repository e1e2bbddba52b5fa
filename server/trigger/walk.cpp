#include "trigger/walk.hpp"

#include "trigger/cron.hpp"

#include <algorithm>

namespace foliot::trigger {
namespace {

class DateSteps {
  public:
    DateSteps(const Date& date, Micros after) {
        if (date.at > after) at = date.at;
    }
    void step() { at.reset(); }

    std::optional<Micros> at;
};

class IntervalSteps {
  public:
    IntervalSteps(const Interval& interval, Micros after)
        : at(next_after(interval, after)),
          every_(interval.every),
          end_(std::min(interval.end.value_or(kLastInstant), kLastInstant)) {}
    void step() { at = *at > end_ - every_ ? std::nullopt : std::optional(*at + every_); }

    std::optional<Micros> at;

  private:
    Micros every_, end_;
};

}  // namespace

/// Stands at the next fire of one trigger.
class Walk::Steps {
  public:
    template <class Of>
    static Steps of(const Of& trigger, Micros after) {
        if constexpr (std::is_same_v<Of, Date>) {
            return Steps(DateSteps(trigger, after));
        } else if constexpr (std::is_same_v<Of, Interval>) {
            return Steps(IntervalSteps(trigger, after));
        } else {
            return Steps(CronSteps(trigger, after));
        }
    }

    std::optional<Micros> at() const {
        return std::visit([](const auto& steps) { return steps.at; }, steps_);
    }
    void step() {
        std::visit([](auto& steps) { steps.step(); }, steps_);
    }

  private:
    template <class Kind>
    explicit Steps(Kind steps) : steps_(std::move(steps)) {}

    std::variant<DateSteps, IntervalSteps, CronSteps> steps_;
};

Walk::~Walk() = default;

template <class Of>
void Walk::add(const Of& one, Micros after) {
    if constexpr (std::is_same_v<Of, Any>) {
        for (const Single& single : one.of) std::visit([&](const auto& inner) { add(inner, after); }, single);
    } else if constexpr (std::is_same_v<Of, Shared>) {
        std::visit([&](const auto& rule) { add(rule, after); }, one.rule);
    } else if constexpr (!std::is_same_v<Of, None>) {
        steps_.push_back(Steps::of(one, after));
    }
}

Walk::Walk(const Any& any, Micros after) { add(any, after); }

Walk::Walk(const Trigger& trigger, Micros after) {
    std::visit([&](const auto& one) { add(one, after); }, trigger);
}

/// An instant of several counts once.
std::optional<Micros> Walk::next() {
    std::optional<Micros> first;
    for (const Steps& steps : steps_) {
        const auto at = steps.at();
        if (at && (!first || *at < *first)) first = at;
    }
    for (Steps& steps : steps_) {
        if (first && steps.at() == first) steps.step();
    }
    return first;
}

}  // namespace foliot::trigger
