#include "trigger/trigger.hpp"

#include "trigger/any.hpp"
#include "trigger/cron.hpp"
#include "trigger/walk.hpp"

#include <algorithm>
#include <cassert>

namespace foliot::trigger {
namespace {

std::optional<Micros> nth_of(const None&, Micros, std::int64_t) { return std::nullopt; }

std::optional<Micros> nth_of(const Date& date, Micros after, std::int64_t n) {
    if (date.at <= after || n != 1) return std::nullopt;
    return date.at;
}

Micros end_of(const Interval& interval) { return std::min(interval.end.value_or(kLastInstant), kLastInstant); }

std::optional<Micros> nth_of(const Interval& interval, Micros after, std::int64_t n) {
    assert(interval.every > 0);
    const Micros end = end_of(interval);
    if (after >= end || interval.start > end) return std::nullopt;
    if (after < interval.start) {
        after = interval.start;
        --n;
    } else {
        after -= (after - interval.start) % interval.every;
    }
    if (n > (end - after) / interval.every) return std::nullopt;
    return after + n * interval.every;
}

std::optional<Micros> nth_of(const Cron& cron, Micros after, std::int64_t n) { return nth_cron(cron, after, n); }

std::optional<Micros> nth_of(const Any& any, Micros after, std::int64_t n) { return nth_any(any, after, n); }

std::optional<Micros> nth_of(const Shared& shared, Micros after, std::int64_t n) {
    return std::visit([&](const auto& rule) { return nth_of(rule, after, n); }, shared.rule);
}

Fires count(const None&, Micros, Micros) { return {}; }

Fires count(const Date& date, Micros after, Micros until) {
    if (date.at <= after || date.at > until) return {};
    return {.count = 1, .first = date.at, .last = date.at};
}

Fires count(const Interval& interval, Micros after, Micros until) {
    const auto first = nth_of(interval, after, 1);
    if (!first || *first > until) return {};
    const Micros steps = (std::min(until, end_of(interval)) - *first) / interval.every;
    return {.count = steps + 1, .first = *first, .last = *first + steps * interval.every};
}

Fires count(const Cron& cron, Micros after, Micros until) { return count_cron(cron, after, until); }

Fires count(const Any& any, Micros after, Micros until) { return count_any(any, after, until); }

Fires count(const Shared& shared, Micros after, Micros until) {
    return std::visit([&](const auto& rule) { return count(rule, after, until); }, shared.rule);
}

int zone_offset(const ZonePtr& zone, Micros at) {
    return zone && !zone->missing() ? static_cast<int>(zone->at(at).offset / kSecond) : 0;
}

int offset_of(const None&, Micros) { return 0; }
int offset_of(const Date& date, Micros) { return date.offset_seconds; }
int offset_of(const Interval& interval, Micros at) {
    return interval.zone ? zone_offset(interval.zone, at) : interval.offset_seconds;
}
int offset_of(const Cron& cron, Micros at) { return zone_offset(cron.zone, at); }
bool is_fire(const Cron& cron, Micros at) { return fires_at(cron, at); }
template <class Cheap>
bool is_fire(const Cheap& trigger, Micros at) {
    return nth_of(trigger, at - 1, 1) == at;
}

int offset_of(const Any& any, Micros at) {
    for (const Single& single : any.of) {
        if (std::visit([at](const auto& t) { return is_fire(t, at); }, single))
            return std::visit([at](const auto& t) { return offset_of(t, at); }, single);
    }
    return 0;
}

int offset_of(const Shared& shared, Micros at) {
    return std::visit([at](const auto& rule) { return offset_of(rule, at); }, shared.rule);
}

bool is_zoned(const None&) { return false; }
bool is_zoned(const Date&) { return false; }
bool is_zoned(const Interval&) { return false; }  // it counts in real time
bool is_zoned(const Cron& cron) { return cron.zone != nullptr; }
bool is_zoned(const Any& any) {
    return std::any_of(any.of.begin(), any.of.end(), [](const Single& single) {
        return std::visit([](const auto& t) { return is_zoned(t); }, single);
    });
}
bool is_zoned(const Shared& shared) {
    return std::visit([](const auto& rule) { return is_zoned(rule); }, shared.rule);
}

std::optional<ZonePtr> said_by(const None&) { return std::nullopt; }
std::optional<ZonePtr> said_by(const Any& any) {
    return std::visit([](const auto& t) { return std::optional(t.zone); }, any.of.front());
}
template <class Own>
std::optional<ZonePtr> said_by(const Own& trigger) {
    return trigger.zone;
}
std::optional<ZonePtr> said_by(const Shared& shared) {
    return std::visit([](const auto& rule) { return said_by(rule); }, shared.rule);
}

}  // namespace

std::optional<ZonePtr> zone_of(const Trigger& trigger) {
    return std::visit([](const auto& t) { return said_by(t); }, trigger);
}

bool zoned(const Trigger& trigger) {
    return std::visit([](const auto& t) { return is_zoned(t); }, trigger);
}

Trigger own(const Rule& rule) {
    return std::visit([](const auto& one) -> Trigger { return one; }, rule);
}

std::optional<Rule> rule_of(const Trigger& trigger) {
    return std::visit(
        []<class T>(const T& one) -> std::optional<Rule> {
            if constexpr (std::is_same_v<T, None>) {
                return std::nullopt;
            } else if constexpr (std::is_same_v<T, Shared>) {
                return one.rule;
            } else {
                return one;
            }
        },
        trigger);
}

Written written_date(const Date& date) { return date.written_date.value_or(Written{date.at, date.offset_seconds}); }

Written written_start(const Interval& interval) {
    return interval.written_start.value_or(Written{interval.start, interval.offset_seconds});
}

std::optional<Micros> nth_after(const Trigger& trigger, Micros after, std::int64_t n) {
    return std::visit([&](const auto& t) { return nth_of(t, after, n); }, trigger);
}

bool Date::operator==(const Date& other) const {
    return at == other.at && offset_seconds == other.offset_seconds && written_date == other.written_date &&
           same_zone(zone, other.zone);
}

bool Interval::operator==(const Interval& other) const {
    return every == other.every && start == other.start && end == other.end && offset_seconds == other.offset_seconds &&
           end_offset_seconds == other.end_offset_seconds && written_start == other.written_start &&
           start_defaulted == other.start_defaulted && source == other.source && same_zone(zone, other.zone);
}

int shown_offset(const Trigger& trigger, Micros at) {
    return std::visit([&](const auto& t) { return offset_of(t, at); }, trigger);
}

std::optional<Micros> next_after(const Trigger& trigger, Micros after) { return nth_after(trigger, after, 1); }

std::optional<Micros> last_before(const Trigger& trigger, Micros before) {
    const auto has_fire_after = [&](Micros after) {
        const auto next = next_after(trigger, after);
        return next && *next < before;
    };
    Micros low = before;
    for (Micros step = kSecond; !has_fire_after(low); step *= 2) {
        if (low == kFirstInstant) return std::nullopt;
        low = before - kFirstInstant > step ? before - step : kFirstInstant;
    }
    for (Micros high = before; high - low > 1;) {  // a fire follows `low`, none follows `high`
        const Micros middle = low + (high - low) / 2;
        (has_fire_after(middle) ? low : high) = middle;
    }
    return low + 1;
}

Fires fires_between(const Trigger& trigger, Micros after, Micros until) {
    return std::visit([&](const auto& t) { return count(t, after, until); }, trigger);
}

std::vector<Micros> newest_fires(const Trigger& trigger, Micros after, Micros until, std::int64_t n) {
    const std::int64_t all = fires_between(trigger, after, until).count;
    std::vector<Micros> newest;
    if (n <= 0 || all == 0) return newest;
    const auto first = nth_after(trigger, after, all - std::min(all, n) + 1);
    Walk walk(trigger, first.value() - 1);
    for (auto at = walk.next(); at && *at <= until; at = walk.next()) newest.push_back(*at);
    return newest;
}

}  // namespace foliot::trigger
