#include "trigger/cron.hpp"

#include <bit>

// Matching local times are all pairs of a matching date and a matching second of the day, so they are counted, not
// walked.
namespace foliot::trigger {
namespace {

using namespace std::chrono;

constexpr LocalSeconds kDaySeconds = 86'400;

struct Local {
    sys_days day;
    int second = 0;  ///< of the day
};

Local split(LocalSeconds at) {
    LocalSeconds day = at / kDaySeconds;
    if (at % kDaySeconds < 0) --day;
    return {sys_days{days{day}}, static_cast<int>(at - day * kDaySeconds)};
}

LocalSeconds join(sys_days day, int second) { return day.time_since_epoch().count() * kDaySeconds + second; }

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

/// The first set bit at `from` or above; -1: there is none.
template <std::size_t N>
int next_set(const std::bitset<N>& set, int from) {
    const std::uint64_t bits = from < static_cast<int>(N) ? set.to_ullong() >> from : 0;
    return bits == 0 ? -1 : from + std::countr_zero(bits);
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

/// Of the matching times of `local`'s date, those before it.
std::int64_t passed(const DaySeconds& seconds, const Local& local) {
    return date_matches(seconds.cron, local.day) ? seconds.before(local.second) : 0;
}

}  // namespace

std::optional<LocalSeconds> nth_local(const Cron& cron, LocalSeconds from, std::int64_t skip) {
    const DaySeconds seconds(cron);
    const Local begin = split(from);
    skip += passed(seconds, begin);
    const auto day = nth_date(cron, begin.day, skip / seconds.in_day);
    if (!day) return std::nullopt;
    return join(*day, seconds.nth(static_cast<int>(skip % seconds.in_day)));
}

std::optional<LocalSeconds> next_in_day(const Cron& cron, LocalSeconds local) {
    const Local begin = split(local);
    const auto hour = begin.second / 3600, minute = begin.second / 60 % 60;
    const auto at = [&](int h, int m, int s) { return join(begin.day, h * 3600 + m * 60 + s); };
    const int first_second = next_set(cron.seconds, 0), first_minute = next_set(cron.minutes, 0);
    if (cron.hours[static_cast<std::size_t>(hour)]) {
        const int second = next_set(cron.seconds, begin.second % 60 + 1);
        if (second >= 0 && cron.minutes[static_cast<std::size_t>(minute)]) return at(hour, minute, second);
        const int next_minute = next_set(cron.minutes, minute + 1);
        if (next_minute >= 0) return at(hour, next_minute, first_second);
    }
    const int next_hour = next_set(cron.hours, hour + 1);
    if (next_hour < 0) return std::nullopt;
    return at(next_hour, first_minute, first_second);
}

std::int64_t count_local(const Cron& cron, LocalSeconds from, LocalSeconds to) {
    if (from >= to) return 0;
    const DaySeconds seconds(cron);
    const Local begin = split(from), end = split(to);
    return count_dates(cron, begin.day, end.day) * seconds.in_day + passed(seconds, end) - passed(seconds, begin);
}

}  // namespace foliot::trigger
