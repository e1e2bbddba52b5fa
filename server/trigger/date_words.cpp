#include "trigger/words.hpp"

#include <algorithm>
#include <array>

namespace foliot::trigger {
namespace {

struct Month {
    std::string_view name;
    std::size_t longest;
};
constexpr std::array<Month, 12> kMonths{{{"January", 31},
                                         {"February", 29},
                                         {"March", 31},
                                         {"April", 30},
                                         {"May", 31},
                                         {"June", 30},
                                         {"July", 31},
                                         {"August", 31},
                                         {"September", 30},
                                         {"October", 31},
                                         {"November", 30},
                                         {"December", 31}}};
constexpr std::array<std::string_view, 7> kWeekdays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 6> kPositions{"", "first", "second", "third", "fourth", "fifth"};

std::string month_name(std::size_t month) { return std::string(kMonths[month - 1].name); }
std::string weekdays_name(std::size_t day) { return std::string(kWeekdays[day]) + "s"; }

/// "the first Monday", "the last Friday".
void add_weekdays(Words& words, std::string_view which, const std::bitset<7>& weekdays) {
    for (const std::size_t day : values_of(weekdays))
        words.push_back("the " + std::string(which) + " " + std::string(kWeekdays[day]));
}

/// Those of the month that have no number.
Words named_days(const Cron& cron) {
    Words words;
    if (cron.last_day) words.emplace_back("the last day");
    for (std::size_t nth = 1; nth <= 5; ++nth) add_weekdays(words, kPositions[nth], cron.nth_weekdays[nth]);
    add_weekdays(words, "last", cron.last_weekdays);
    return words;
}

std::string days_of_month(const Cron& cron) {
    Words words = named_days(cron);
    if (cron.days.any()) words.insert(words.begin(), members(values_of(cron.days), "day"));
    return listed(words) + " of the month";
}

/// "24 to 26 December", "1 January and 1 July": days by number, of few months.
std::optional<std::string> calendar_dates(const Cron& cron) {
    constexpr std::size_t kMostMonths = 4;
    const Values months = values_of(cron.months);
    if (!cron.weekdays.all() || !named_days(cron).empty() || months.size() > kMostMonths) return std::nullopt;
    if (months.size() > 1 && cron.days.count() > 1) return std::nullopt;
    Words words;
    for (const std::size_t month : months) {
        Values days = values_of(cron.days);
        std::erase_if(days, [longest = kMonths[month - 1].longest](std::size_t day) { return day > longest; });
        if (!days.empty()) words.push_back(listed(ranges(days, number)) + " " + month_name(month));
    }
    return listed(words);
}

std::string days_in_words(const Cron& cron) {
    const bool all_days = cron.days.count() == 31, all_weekdays = cron.weekdays.all();
    const bool either = cron.day_rule == DayRule::either;
    if (either ? all_days || all_weekdays : all_days && all_weekdays) return "every day";
    const std::string weekdays = listed(ranges(values_of(cron.weekdays), weekdays_name));
    if (all_days) return "on " + weekdays;
    if (all_weekdays) return "on " + days_of_month(cron);
    return either ? "on " + days_of_month(cron) + " or on " + weekdays
                  : "on " + weekdays + " that are " + days_of_month(cron);
}

}  // namespace

DateWords date_words(const Cron& cron) {
    DateWords words{days_in_words(cron), ""};
    const auto dates = words.days == "every day" ? std::nullopt : calendar_dates(cron);
    if (dates) words.days = "on " + *dates;
    if (cron.weeks.count() < 53) words.seasons += ", in " + members(values_of(cron.weeks), "week");
    if (cron.months.count() < 12 && !dates)
        words.seasons += ", in " + listed(ranges(values_of(cron.months), month_name));
    const Values years = values_of(cron.years);
    if (years.size() <= 6) {
        words.seasons += ", in " + listed(ranges(years, number));
    } else if (years.size() < 9999 - 1970 + 1) {
        words.seasons += ", in " + members(years, "year");
    }
    return words;
}

}  // namespace foliot::trigger
