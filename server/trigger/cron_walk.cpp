#include "trigger/cron.hpp"

#include <algorithm>
#include <bit>

// Fires are all pairs of a matching date and a matching second of the day, so they are counted, not walked. For now
// the wall clock is UTC: split() and join() are the only places where instants and wall time meet, which is where a
// zone would come in.
namespace foliot::trigger {
namespace {

using namespace std::chrono;

constexpr int kDaySeconds = 86'400;

struct Wall {
    sys_days day;
    int second = 0;  ///< of the day
};

/// The first whole second at or after `at`; `at` is not before 1970.
Wall split(Micros at) {
    const Micros whole = (at + kSecond - 1) / kSecond;
    return {sys_days{days{whole / kDaySeconds}}, static_cast<int>(whole % kDaySeconds)};
}

Micros join(sys_days day, int second) {
    return (day.time_since_epoch().count() * Micros{kDaySeconds} + second) * kSecond;
}

template <std::size_t N>
int count_below(const std::bitset<N>& set, int end) {
    return static_cast<int>((set & ~(~std::bitset<N>{} << static_cast<std::size_t>(end))).count());
}

/// The position of the set bit that has `skip` set ones below it.
template <std::size_t N>
int nth_set(const std::bitset<N>& set, int skip) {
    std::uint64_t bits = set.to_ullong();
    int at = 0;
    for (int half = 32; half > 0; half /= 2) {
        const int below = std::popcount(bits & ((std::uint64_t{1} << half) - 1));
        if (skip < below) continue;
        skip -= below;
        bits >>= half;
        at += half;
    }
    return at;
}

/// The matching seconds of a day.
struct DaySeconds {
    explicit DaySeconds(const Cron& c)
        : cron(c),
          in_minute(static_cast<int>(c.seconds.count())),
          in_hour(in_minute * static_cast<int>(c.minutes.count())),
          in_day(in_hour * static_cast<int>(c.hours.count())) {}

    int before(int second) const {
        const int hour = second / 3600, minute = second / 60 % 60;
        int count = count_below(cron.hours, hour) * in_hour;
        if (!cron.hours[static_cast<std::size_t>(hour)]) return count;
        count += count_below(cron.minutes, minute) * in_minute;
        if (!cron.minutes[static_cast<std::size_t>(minute)]) return count;
        return count + count_below(cron.seconds, second % 60);
    }
    int nth(int skip) const {
        const int hour = nth_set(cron.hours, skip / in_hour);
        const int minute = nth_set(cron.minutes, skip % in_hour / in_minute);
        return hour * 3600 + minute * 60 + nth_set(cron.seconds, skip % in_minute);
    }

    const Cron& cron;
    int in_minute, in_hour, in_day;
};

/// The earliest instant that may fire after `after`, if any may.
std::optional<Micros> earliest(const Cron& cron, Micros after) {
    const Micros end = std::min(cron.end.value_or(kLastInstant), kLastInstant);
    if (after >= end) return std::nullopt;
    const Micros from = std::max({after + 1, cron.start.value_or(0), Micros{0}});
    return from <= end ? std::optional(from) : std::nullopt;
}

/// Of the fires at `wall`'s date, those before it.
std::int64_t passed(const DaySeconds& seconds, const Wall& wall) {
    return date_matches(seconds.cron, wall.day) ? seconds.before(wall.second) : 0;
}

std::optional<Micros> nth_from(const DaySeconds& seconds, const Wall& from, std::int64_t skip) {
    skip += passed(seconds, from);
    const auto day = nth_date(seconds.cron, from.day, skip / seconds.in_day);
    if (!day) return std::nullopt;
    return join(*day, seconds.nth(static_cast<int>(skip % seconds.in_day)));
}

}  // namespace

std::optional<Micros> nth_cron(const Cron& cron, Micros after, std::int64_t n) {
    const auto from = earliest(cron, after);
    if (!from) return std::nullopt;
    const auto at = nth_from(DaySeconds(cron), split(*from), n - 1);
    return at && *at <= cron.end.value_or(kLastInstant) ? at : std::nullopt;
}

Fires count_cron(const Cron& cron, Micros after, Micros until) {
    const auto first = nth_cron(cron, after, 1);
    until = std::min({until, cron.end.value_or(kLastInstant), kLastInstant});
    if (!first || *first > until) return {};
    const DaySeconds seconds(cron);
    const Wall from = split(*first);
    const Wall to = split(until + 1);
    const std::int64_t whole = count_dates(cron, from.day, to.day) * seconds.in_day;
    const std::int64_t count = whole + passed(seconds, to) - passed(seconds, from);
    return {.count = count, .first = *first, .last = *nth_from(seconds, from, count - 1)};
}

}  // namespace foliot::trigger
