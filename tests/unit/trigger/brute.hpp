// The slow definition of a cron trigger: try every day and every second of it.
#pragma once

#include "trigger/trigger.hpp"

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

namespace foliot::testing {

using Expressions = std::array<std::optional<std::string>, trigger::kFieldCount>;

inline int number_or_name(const std::string& text, const std::string& names, int base) {
    const auto at = names.find(text);
    return at != std::string::npos && text.size() == 3 ? static_cast<int>(at / 3) + base : std::stoi(text);
}

/// Does one expression, without commas, match `value`? Names are for months (base 1) and weekdays (base 0).
inline bool expression_matches(std::string e, int value, int low, int high, const std::string& names, int base) {
    int step = 1;
    const auto slash = e.find('/');
    if (slash != std::string::npos) {
        step = std::stoi(e.substr(slash + 1));
        e = e.substr(0, slash);
    }
    int first = low;
    int last = high;
    if (e != "*") {
        const auto dash = e.find('-');
        first = number_or_name(e.substr(0, dash), names, base);
        if (dash != std::string::npos) {
            last = number_or_name(e.substr(dash + 1), names, base);
        } else if (slash == std::string::npos) {
            last = first;
        }
    }
    return value >= first && value <= last && (value - first) % step == 0;
}

inline bool day_expression_matches(const std::string& e, int day, int weekday, int length) {
    const std::string weekdays = "montuewedthufrisatsun";
    if (e == "last") return day == length;
    const auto blank = e.find(' ');
    if (blank == std::string::npos) return expression_matches(e, day, 1, 31, "", 0);
    if (number_or_name(e.substr(blank + 1), weekdays, 0) != weekday) return false;
    if (e.substr(0, blank) == "last") return day > length - 7;
    return (day - 1) / 7 + 1 == e[0] - '0';
}

template <class Match>
bool any_of_list(const std::string& list, const Match& match) {
    std::istringstream in(list);
    for (std::string e; std::getline(in, e, ',');) {
        if (match(e)) return true;
    }
    return false;
}

inline int iso_week_of(std::chrono::sys_days day) {
    using namespace std::chrono;
    // Count the Thursdays of the year up to this week's.
    sys_days thursday = day;
    while (weekday{thursday} != Thursday)
        thursday += weekday{thursday} == Friday || weekday{thursday} == Saturday || weekday{thursday} == Sunday
                        ? days{-1}
                        : days{1};
    int week = 0;
    for (sys_days d = thursday; year_month_day{d}.year() == year_month_day{thursday}.year(); d -= days{7}) ++week;
    return week;
}

/// Field by field, with APScheduler's defaults already filled in.
class BruteCron {
  public:
    explicit BruteCron(const Expressions& given) {
        const char* const defaults[] = {"*", "1", "1", "*", "*", "0", "0", "0"};
        std::size_t given_left = 0;
        for (const auto& e : given) given_left += e ? 1 : 0;
        const bool none = given_left == 0;
        for (std::size_t i = 0; i < full_.size(); ++i) {
            full_[i] = given[i] ? *given[i] : given_left > 0 || none ? "*" : defaults[i];
            if (given[i]) --given_left;
        }
        months_ = table(1, 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec", 1);
        weeks_ = table(3, 1, 53);
        weekdays_ = table(4, 0, 6, "montuewedthufrisatsun", 0);
        hours_ = table(5, 0, 23);
        minutes_ = table(6, 0, 59);
        seconds_ = table(7, 0, 59);
    }

    bool date_matches(std::chrono::sys_days date) const {
        using namespace std::chrono;
        const year_month_day ymd{date};
        const unsigned day = static_cast<unsigned>(ymd.day());
        const unsigned length = static_cast<unsigned>((ymd.year() / ymd.month() / last).day());
        const unsigned wd = weekday{date}.iso_encoding() - 1;
        return months_[static_cast<unsigned>(ymd.month())] && weekdays_[wd] &&
               any_of_list(full_[2],
                           [&](const auto& e) {
                               return day_expression_matches(e, static_cast<int>(day), static_cast<int>(wd),
                                                             static_cast<int>(length));
                           }) &&
               any_of_list(full_[0],
                           [&](const auto& e) {
                               return expression_matches(e, static_cast<int>(ymd.year()), 1970, 9999, "", 0);
                           }) &&
               weeks_[static_cast<std::size_t>(iso_week_of(date))];
    }
    bool second_matches(std::size_t s) const { return hours_[s / 3600] && minutes_[s / 60 % 60] && seconds_[s % 60]; }

    /// The first `n` matches at or after the whole second `from`, looking at most `days_ahead` days ahead.
    std::vector<Micros> matches(std::int64_t from, std::size_t n, int days_ahead) const {
        std::vector<Micros> found;
        const std::int64_t first_day = from / 86'400;
        for (std::int64_t day = first_day; day < first_day + days_ahead && found.size() < n; ++day) {
            if (!date_matches(std::chrono::sys_days{std::chrono::days{day}})) continue;
            for (int s = 0; s < 86'400 && found.size() < n; ++s) {
                const std::int64_t at = day * 86'400 + s;
                if (at >= from && second_matches(static_cast<std::size_t>(s))) found.push_back(at * kSecond);
            }
        }
        return found;
    }

  private:
    std::vector<bool> table(std::size_t field, int low, int high, const std::string& names = "", int base = 0) const {
        std::vector<bool> matching(static_cast<std::size_t>(high) + 1);
        for (int value = low; value <= high; ++value) {
            matching[static_cast<std::size_t>(value)] = any_of_list(
                full_[field], [&](const auto& e) { return expression_matches(e, value, low, high, names, base); });
        }
        return matching;
    }

    std::array<std::string, trigger::kFieldCount> full_;
    std::vector<bool> months_, weeks_, weekdays_, hours_, minutes_, seconds_;
};

}  // namespace foliot::testing
