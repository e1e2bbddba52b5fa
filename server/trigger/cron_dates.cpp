#include "trigger/cron.hpp"

#include <algorithm>
#include <bit>

// Which dates match is worked out a month at a time, in one word: bit d stands for day d.
namespace foliot::trigger {
namespace {

using namespace std::chrono;

constexpr int kLastYear = 9999;

constexpr std::uint64_t bits_below(unsigned n) { return (std::uint64_t{1} << n) - 1; }

/// Day d, for each d in [from, to) whose weekday is in the set; `first` is the weekday of the first of the month.
std::uint64_t weekdays_within(const std::bitset<7>& set, unsigned first, unsigned from, unsigned to) {
    constexpr std::uint64_t each_week = 0x0102'0408'1020'4081;  // bits 0, 7, 14, ... 56
    const std::uint64_t from_first = (set.to_ullong() * each_week) >> first;
    return (from_first << 1) & bits_below(to) & ~bits_below(from);
}

/// ISO 8601 week number: that of the week's Thursday.
unsigned iso_week(sys_days day) {
    const sys_days thursday = day + days{3} - days{weekday{day}.iso_encoding() - 1};
    const sys_days new_year = year_month_day{thursday}.year() / January / 1;
    return static_cast<unsigned>((thursday - new_year).count()) / 7 + 1;
}

std::uint64_t outside_weeks(const Cron& cron, sys_days month, unsigned first, unsigned length) {
    std::uint64_t outside = 0;
    for (unsigned day = 1; day <= length; day += 7 - (first + day - 1) % 7) {
        if (cron.weeks[iso_week(month + days{day - 1})]) continue;
        outside |= bits_below(day + 7 - (first + day - 1) % 7) & ~bits_below(day);
    }
    return outside;
}

std::uint64_t days_of_month(const Cron& cron, year_month which) {
    const sys_days month = which / 1;
    const unsigned first = weekday{month}.iso_encoding() - 1;
    const auto length = static_cast<unsigned>((which / last).day());
    std::uint64_t matching = cron.days.to_ullong() & bits_below(length + 1) & ~std::uint64_t{1};
    if (cron.last_day) matching |= std::uint64_t{1} << length;
    if (cron.last_weekdays.any()) matching |= weekdays_within(cron.last_weekdays, first, length - 6, length + 1);
    for (unsigned n = 1; n <= 5; ++n) {
        const auto& nth = cron.nth_weekdays[n];
        if (nth.any()) matching |= weekdays_within(nth, first, 7 * n - 6, std::min(7 * n, length) + 1);
    }
    const std::uint64_t weekdays = weekdays_within(cron.weekdays, first, 1, length + 1);
    matching = cron.day_rule == DayRule::both ? matching & weekdays : matching | weekdays;
    return cron.weeks.count() == 53 ? matching : matching & ~outside_weeks(cron, month, first, length);
}

/// Years of a kind have the same dates with the same weekdays and ISO weeks.
unsigned kind_of(year y) {
    const unsigned new_year = weekday{y / January / 1}.c_encoding();
    return new_year * 4 + (y.is_leap() ? 2 : 0) + ((y - years{1}).is_leap() ? 1 : 0);
}

/// Calls visit(first of the month, matching days) from `from` on, until it returns true. Kinds of years that have been
/// seen to match nowhere are passed over.
template <class Visit>
void each_month(const Cron& cron, sys_days from, int last_year, const Visit& visit) {
    const year_month_day begin{from};
    const int first_year = static_cast<int>(begin.year());
    std::bitset<28> barren;
    std::uint64_t not_before = ~bits_below(static_cast<unsigned>(begin.day()));
    unsigned m = static_cast<unsigned>(begin.month());
    for (int y = first_year; y <= last_year; ++y, m = 1, not_before = ~std::uint64_t{0}) {
        if (!cron.years[static_cast<std::size_t>(y)]) continue;
        const bool whole = y > first_year;
        const unsigned kind = whole ? kind_of(year(y)) : 0;
        if (whole && barren[kind]) continue;
        std::uint64_t any = 0;
        for (; m <= 12; ++m, not_before = ~std::uint64_t{0}) {
            const year_month which = year(y) / std::chrono::month(m);
            const std::uint64_t matching = cron.months[m] ? days_of_month(cron, which) & not_before : 0;
            if (visit(sys_days{which / 1}, matching)) return;
            any |= matching;
        }
        if (whole && any == 0) barren.set(kind);
    }
}

}  // namespace

bool date_matches(const Cron& cron, sys_days date) {
    const year_month_day ymd{date};
    if (ymd.year() > year(kLastYear) || !cron.years[static_cast<std::size_t>(static_cast<int>(ymd.year()))])
        return false;
    if (!cron.months[static_cast<unsigned>(ymd.month())]) return false;
    return (days_of_month(cron, ymd.year() / ymd.month()) >> static_cast<unsigned>(ymd.day()) & 1) != 0;
}

std::int64_t count_dates(const Cron& cron, sys_days from, sys_days to) {
    std::int64_t count = 0;
    const int last_year = std::min(kLastYear, static_cast<int>(year_month_day{to}.year()));
    each_month(cron, from, last_year, [&](sys_days month, std::uint64_t matching) {
        if (month >= to) return true;
        const auto left = (to - month).count();
        if (left < 32) matching &= bits_below(static_cast<unsigned>(left) + 1);
        count += std::popcount(matching);
        return false;
    });
    return count;
}

std::optional<sys_days> nth_date(const Cron& cron, sys_days from, std::int64_t skip) {
    std::optional<sys_days> found;
    each_month(cron, from, kLastYear, [&](sys_days month, std::uint64_t matching) {
        const auto here = std::popcount(matching);
        if (skip >= here) {
            skip -= here;
            return false;
        }
        for (; skip > 0; --skip) matching &= matching - 1;
        found = month + days{std::countr_zero(matching) - 1};
        return true;
    });
    return found;
}

}  // namespace foliot::trigger
