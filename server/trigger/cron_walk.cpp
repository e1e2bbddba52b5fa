#include "trigger/cron.hpp"

#include <algorithm>
#include <chrono>

// The walk is over wall-clock days and seconds of the day. For now the wall clock is UTC: split() and next_cron()'s
// last line are the only places where instants and wall time meet, which is where a zone would come in.
namespace foliot::trigger {
namespace {

using namespace std::chrono;

constexpr int kDaySeconds = 86'400;
constexpr int kFirstYear = 1970;
constexpr int kLastYear = 9999;

struct Wall {
    sys_days day;
    int second = 0;  ///< of the day
};

/// The first whole second at or after `at`; `at` is not before 1970.
Wall split(Micros at) {
    const Micros whole = (at + kSecond - 1) / kSecond;
    return {sys_days{days{whole / kDaySeconds}}, static_cast<int>(whole % kDaySeconds)};
}

template <std::size_t N>
int next_set(const std::bitset<N>& set, int from) {
    for (auto i = static_cast<std::size_t>(from); i < N; ++i) {
        if (set[i]) return static_cast<int>(i);
    }
    return -1;
}

/// The first matching second of the day at or after `from`; -1 when there is none.
int next_second(const Cron& cron, int from) {
    int hour = from / 3600;
    int minute = from / 60 % 60;
    int second = from % 60;
    const auto restart = [&](int h, int m) { hour = h, minute = m, second = 0; };
    while (hour < 24) {
        if (!cron.hours[static_cast<std::size_t>(hour)]) {
            const int next = next_set(cron.hours, hour);
            if (next < 0) return -1;
            restart(next, 0);
        }
        const int m = next_set(cron.minutes, minute);
        if (m != minute) second = 0;
        const int s = m < 0 ? -1 : next_set(cron.seconds, second);
        if (s >= 0) return hour * 3600 + m * 60 + s;
        m < 0 || m == 59 ? restart(hour + 1, 0) : restart(hour, m + 1);
    }
    return -1;
}

/// ISO 8601 week number: that of the week's Thursday.
unsigned iso_week(sys_days day, unsigned weekday_index) {
    const sys_days thursday = day + days{3} - days{weekday_index};
    const sys_days new_year = year_month_day{thursday}.year() / January / 1;
    return static_cast<unsigned>((thursday - new_year).count()) / 7 + 1;
}

bool day_matches(const Cron& cron, sys_days date, unsigned d, unsigned month_length) {
    const unsigned wd = weekday{date}.iso_encoding() - 1;
    if (!cron.weekdays[wd]) return false;
    const bool in_month = cron.days[d] || (cron.last_day && d == month_length) ||
                          (cron.last_weekdays[wd] && d + 7 > month_length) || cron.nth_weekdays[(d - 1) / 7 + 1][wd];
    return in_month && (cron.weeks.count() == 53 || cron.weeks[iso_week(date, wd)]);
}

/// The first matching date at or after `from`.
std::optional<sys_days> next_date(const Cron& cron, sys_days from) {
    const year_month_day begin{from};
    unsigned m = static_cast<unsigned>(begin.month());
    unsigned d = static_cast<unsigned>(begin.day());
    for (int y = static_cast<int>(begin.year()); y <= kLastYear; ++y, m = 1, d = 1) {
        if (!cron.years[static_cast<std::size_t>(y)]) continue;
        for (; m <= 12; ++m, d = 1) {
            if (!cron.months[m]) continue;
            const auto length = static_cast<unsigned>((year(y) / month(m) / last).day());
            const sys_days before_first = sys_days{year(y) / month(m) / 1} - days{1};
            for (; d <= length; ++d) {
                if (day_matches(cron, before_first + days{d}, d, length)) return before_first + days{d};
            }
        }
    }
    return std::nullopt;
}

}  // namespace

bool matches_any_date(const Cron& cron) {
    return next_date(cron, sys_days{year(kFirstYear) / January / 1}).has_value();
}

std::optional<Micros> next_cron(const Cron& cron, Micros after) {
    if (after >= kLastInstant) return std::nullopt;
    const Micros earliest = std::max({after + 1, cron.start.value_or(0), Micros{0}});
    if (earliest > std::min(cron.end.value_or(kLastInstant), kLastInstant)) return std::nullopt;
    const Wall wall = split(earliest);
    auto day = next_date(cron, wall.day);
    if (!day) return std::nullopt;
    int second = next_second(cron, *day == wall.day ? wall.second : 0);
    if (second < 0) {
        day = next_date(cron, *day + days{1});
        if (!day) return std::nullopt;
        second = next_second(cron, 0);
    }
    const Micros at = (day->time_since_epoch().count() * Micros{kDaySeconds} + second) * kSecond;
    if (at > cron.end.value_or(kLastInstant)) return std::nullopt;
    return at;
}

}  // namespace foliot::trigger
