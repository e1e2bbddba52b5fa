#include "trigger/trigger.hpp"

#include "trigger/cron.hpp"

#include <algorithm>
#include <cassert>

namespace foliot::trigger {
namespace {

std::optional<Micros> next_of(const None&, Micros) { return std::nullopt; }

std::optional<Micros> next_of(const Date& date, Micros after) {
    if (date.at <= after) return std::nullopt;
    return date.at;
}

Micros end_of(const Interval& interval) { return std::min(interval.end.value_or(kLastInstant), kLastInstant); }

std::optional<Micros> next_of(const Interval& interval, Micros after) {
    assert(interval.every > 0);
    const Micros end = end_of(interval);
    if (after >= end || interval.start > end) return std::nullopt;
    if (after < interval.start) return interval.start;
    const Micros latest = after - (after - interval.start) % interval.every;
    if (interval.every > end - latest) return std::nullopt;
    return latest + interval.every;
}

std::optional<Micros> next_of(const Cron& cron, Micros after) { return next_cron(cron, after); }

Fires count_closed(const Interval& interval, Micros after, Micros until) {
    const auto first = next_of(interval, after);
    if (!first || *first > until) return {};
    const Micros steps = (std::min(until, end_of(interval)) - *first) / interval.every;
    return {.count = steps + 1, .first = *first, .last = *first + steps * interval.every};
}

/// Calls visit(fire) for up to `limit` fires in (after, until]; true when more are left.
template <class Visit>
bool walk(const Trigger& trigger, Micros after, Micros until, std::int64_t limit, const Visit& visit) {
    for (std::int64_t seen = 0;; ++seen) {
        const auto next = next_after(trigger, after);
        if (!next || *next > until) return false;
        if (seen == limit) return true;
        visit(*next);
        after = *next;
    }
}

}  // namespace

std::optional<Micros> next_after(const Trigger& trigger, Micros after) {
    return std::visit([&](const auto& t) { return next_of(t, after); }, trigger);
}

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

Fires fires_between(const Trigger& trigger, Micros after, Micros until, std::int64_t limit) {
    if (const auto* interval = std::get_if<Interval>(&trigger)) return count_closed(*interval, after, until);
    Fires fires;
    fires.more = walk(trigger, after, until, limit, [&](Micros at) {
        if (fires.count++ == 0) fires.first = at;
        fires.last = at;
    });
    return fires;
}

std::vector<Micros> newest_fires(const Trigger& trigger, Micros after, Micros until, std::size_t n,
                                 std::int64_t limit) {
    std::vector<Micros> newest;
    if (n == 0) return newest;
    if (const auto* interval = std::get_if<Interval>(&trigger)) {
        const Fires fires = count_closed(*interval, after, until);
        const auto take = std::min(fires.count, static_cast<std::int64_t>(n));
        for (std::int64_t i = take - 1; i >= 0; --i) newest.push_back(fires.last - i * interval->every);
        return newest;
    }
    std::size_t oldest = 0;  // a ring once it is full
    walk(trigger, after, until, limit, [&](Micros at) {
        if (newest.size() < n) {
            newest.push_back(at);
        } else {
            newest[oldest] = at;
            oldest = (oldest + 1) % n;
        }
    });
    std::rotate(newest.begin(), newest.begin() + static_cast<std::ptrdiff_t>(oldest), newest.end());
    return newest;
}

}  // namespace foliot::trigger
