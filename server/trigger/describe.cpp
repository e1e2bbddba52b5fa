#include "trigger/describe.hpp"

#include "base/time_text.hpp"
#include "trigger/cron.hpp"

#include <array>
#include <cstdio>

namespace foliot::trigger {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 6> kPositions{"", "first", "second", "third", "fourth", "fifth"};

using Words = std::vector<std::string>;

/// "a", "a and b", "a, b and c".
std::string listed(const Words& words, std::string_view last = " and ") {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? last : ", ";
        text += words[i];
    }
    return text;
}

/// The set bits from `base`, each named; three or more in a row as "a to b".
template <std::size_t N, class Name>
Words ranges(const std::bitset<N>& set, std::size_t base, const Name& name) {
    Words words;
    for (std::size_t i = base; i < N; ++i) {
        if (!set[i]) continue;
        std::size_t last = i;
        while (last + 1 < N && set[last + 1]) ++last;
        if (last - i >= 2) {
            words.push_back(name(i) + " to " + name(last));
        } else {
            words.push_back(name(i));
            if (last > i) words.push_back(name(last));
        }
        i = last;
    }
    return words;
}

std::string number(std::size_t n) { return std::to_string(n); }

/// The n of "every n", when the set is 0, n, 2n and so on as far as it goes; n divides the whole.
template <std::size_t N>
std::optional<std::size_t> step_of(const std::bitset<N>& set) {
    if (!set[0] || set.count() < 2) return std::nullopt;
    std::size_t step = 1;
    while (!set[step]) ++step;
    if (N % step != 0) return std::nullopt;
    for (std::size_t i = 0; i < N; ++i) {
        if (set[i] != (i % step == 0)) return std::nullopt;
    }
    return step;
}

std::string every(std::size_t n, std::string_view unit) {
    return n == 1 ? "every " + std::string(unit) : "every " + number(n) + " " + std::string(unit) + "s";
}

std::string clock(std::size_t hour, std::size_t minute, std::size_t second) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), second != 0 ? "%02zu:%02zu:%02zu" : "%02zu:%02zu", hour, minute, second);
    return text.data();
}

template <std::size_t N>
std::size_t lowest(const std::bitset<N>& set) {
    std::size_t i = 0;
    while (!set[i]) ++i;
    return i;
}

constexpr std::size_t kMostTimes = 6;

/// "at 02:00 and 14:00", when there are few times.
std::optional<std::string> few_times(const Cron& cron) {
    if (cron.hours.count() * cron.minutes.count() > kMostTimes || cron.seconds.count() != 1) return std::nullopt;
    Words times;
    for (std::size_t h = 0; h < 24; ++h) {
        for (std::size_t m = 0; m < 60; ++m) {
            if (cron.hours[h] && cron.minutes[m]) times.push_back(clock(h, m, lowest(cron.seconds)));
        }
    }
    return "at " + listed(times);
}

template <std::size_t N>
std::string part(const std::bitset<N>& set, std::string_view unit) {
    if (const auto step = step_of(set)) return every(*step, unit);
    const std::string plural = set.count() > 1 ? "s " : " ";
    return "at " + std::string(unit) + plural + listed(ranges(set, 0, number));
}

std::string within_hours(const Cron& cron) {
    if (cron.hours.all()) return "";
    if (const auto step = step_of(cron.hours)) return " of " + every(*step, "hour");
    return std::string(cron.hours.count() > 1 ? " of hours " : " of hour ") + listed(ranges(cron.hours, 0, number));
}

/// "every hour from 09:00 to 17:00", when the hours are one range and there is one minute.
std::optional<std::string> hourly(const Cron& cron) {
    const auto hours = ranges(cron.hours, 0, number);
    if (hours.size() != 1 || cron.hours.all() || cron.minutes.count() != 1) return std::nullopt;
    const std::size_t first = lowest(cron.hours), minute = lowest(cron.minutes);
    return "every hour from " + clock(first, minute, 0) + " to " + clock(first + cron.hours.count() - 1, minute, 0);
}

std::string time_of(const Cron& cron) {
    if (const auto times = few_times(cron)) return *times;
    const bool on_the_minute = cron.seconds.count() == 1 && cron.seconds[0];
    if (!on_the_minute) {
        std::string text = part(cron.seconds, "second");
        if (!cron.minutes.all()) text += ", " + part(cron.minutes, "minute");
        return text + within_hours(cron);
    }
    if (const auto text = hourly(cron)) return *text;
    const bool on_the_hour = cron.minutes.count() == 1 && cron.minutes[0];
    if (on_the_hour && step_of(cron.hours)) return every(*step_of(cron.hours), "hour");
    return part(cron.minutes, "minute") + within_hours(cron);
}

std::string weekday_name(std::size_t i) { return std::string(kWeekdays[i]); }

Words month_days(const Cron& cron) {
    Words words;
    if (cron.days.any()) {
        const auto days = ranges(cron.days, 1, number);
        words.push_back((cron.days.count() > 1 ? "days " : "day ") + listed(days));
    }
    if (cron.last_day) words.emplace_back("the last day");
    for (std::size_t nth = 1; nth <= 5; ++nth) {
        for (const auto& day : ranges(cron.nth_weekdays[nth], 0, weekday_name))
            words.push_back("the " + std::string(kPositions[nth]) + " " + day);
    }
    for (const auto& day : ranges(cron.last_weekdays, 0, weekday_name)) words.push_back("the last " + day);
    return words;
}

bool all_days(const Cron& cron) {
    for (std::size_t day = 1; day <= 31; ++day) {
        if (!cron.days[day]) return false;
    }
    return true;
}

std::string days_of(const Cron& cron) {
    const std::string weekdays = listed(ranges(cron.weekdays, 0, weekday_name));
    const std::string of_month = listed(month_days(cron)) + " of the month";
    if (all_days(cron) && cron.weekdays.all()) return "every day";
    if (cron.weekdays.all()) return "on " + of_month;
    if (all_days(cron)) return "on " + weekdays;
    return cron.day_rule == DayRule::either ? "on " + of_month + " or on " + weekdays
                                            : "on " + of_month + " when it is " + weekdays;
}

std::string seasons_of(const Cron& cron) {
    std::string text;
    if (cron.weeks.count() < 53)
        text +=
            std::string(cron.weeks.count() > 1 ? ", in weeks " : ", in week ") + listed(ranges(cron.weeks, 1, number));
    if (cron.months.count() < 12)
        text += ", in " + listed(ranges(cron.months, 1, [](std::size_t m) { return std::string(kMonths[m - 1]); }));
    if (cron.years.count() < 9999 - 1970 + 1) text += ", in " + listed(ranges(cron.years, 1970, number));
    return text;
}

std::string zone_words(const ZonePtr& zone) {
    if (zone == nullptr) return "UTC";
    std::string city = zone->name().substr(zone->name().rfind('/') + 1);
    for (char& c : city) c = c == '_' ? ' ' : c;
    return zone->name().find('/') == std::string::npos ? city : city + " time";
}

std::string instant(Micros at, const ZonePtr& in) {
    const Micros offset = in ? in->at(at).offset : 0;
    std::string text = iso_time(at + offset).substr(0, 19);
    text[10] = ' ';
    return text + ", " + zone_words(in);
}

std::string limits(std::optional<Micros> start, std::optional<Micros> end, const ZonePtr& in) {
    std::string text;
    if (start) text += "; from " + instant(*start, in);
    if (end) text += "; until " + instant(*end, in);
    return text;
}

std::string length_words(Micros length) {
    struct Unit {
        std::string_view name;
        Micros size;
    };
    constexpr std::array<Unit, 5> units{{{"week", 604'800 * kSecond},
                                         {"day", 86'400 * kSecond},
                                         {"hour", 3'600 * kSecond},
                                         {"minute", 60 * kSecond},
                                         {"second", kSecond}}};
    Words words;
    for (const auto& [name, size] : units) {
        const Micros count = length / size;
        length %= size;
        if (name == "second" && length != 0) {
            std::array<char, 40> text{};
            std::snprintf(text.data(), text.size(), "%g seconds", static_cast<double>(count * size + length) / kSecond);
            words.emplace_back(text.data());
        } else if (count == 1) {
            words.push_back("1 " + std::string(name));
        } else if (count > 1) {
            words.push_back(std::to_string(count) + " " + std::string(name) + "s");
        }
    }
    if (words.size() == 1 && words.front().starts_with("1 ")) return words.front().substr(2);
    return listed(words);
}

struct Describe {
    const ZonePtr& in;

    std::string operator()(const None&) const { return "never by itself"; }
    std::string operator()(const Date& date) const { return "once, on " + instant(date.at, in); }
    std::string operator()(const Interval& interval) const {
        const ZonePtr& zone = interval.zone ? interval.zone : in;
        return "every " + length_words(interval.every) + limits(interval.start, interval.end, zone);
    }
    std::string operator()(const Cron& cron) const {
        const std::string time = time_of(cron), days = days_of(cron);
        const bool often = time.starts_with("every") && days == "every day";
        return (often ? time : days + (time.starts_with("at") ? " " : ", ") + time) + seasons_of(cron) + ", " +
               zone_words(cron.zone) + limits(cron.start, cron.end, cron.zone);
    }
    std::string operator()(const Any& any) const {
        Words words;
        for (const Single& single : any.of) words.push_back(std::visit(*this, single));
        return listed(words, "; and ");
    }
};

}  // namespace

std::string describe(const Trigger& trigger, const ZonePtr& in) { return std::visit(Describe{in}, trigger); }

}  // namespace foliot::trigger
