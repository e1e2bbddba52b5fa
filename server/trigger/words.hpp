// What the words for triggers are made of: lists of values, the times of a day and the dates of a cron, zones.
#pragma once

#include "trigger/trigger.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace foliot::trigger {

using Words = std::vector<std::string>;
using Values = std::vector<std::size_t>;  ///< ascending

template <std::size_t N>
Values values_of(const std::bitset<N>& set) {
    Values values;
    for (std::size_t i = 0; i < N; ++i) {
        if (set[i]) values.push_back(i);
    }
    return values;
}

/// Two values or more at one distance.
struct Steps {
    std::size_t first, step, last;
};
std::optional<Steps> steps_of(const Values& values);

/// "a", "a and b", "a, b and c".
std::string listed(const Words& words);

/// Each value named; three or more in a row as "a to b".
using Name = std::string (*)(std::size_t value);
Words ranges(const Values& values, Name name);
std::string number(std::size_t n);

/// "hour 3", "hours 0 to 5 and 7", "every 2nd hour from 1 to 23".
std::string members(const Values& values, std::string_view unit);

/// "every hour", "every 2 hours".
std::string every(std::size_t n, std::string_view unit);

/// When on its days a cron fires: "at 02:00", "every 20 minutes from 08:00 to 17:40".
struct TimeWords {
    std::string text;
    bool round_the_clock;  ///< then "every day" goes without saying
};
TimeWords time_words(const Cron& cron);

/// On which dates: "every day", "on Mondays to Fridays", "on 25 December"; and of which part of them: ", in January".
struct DateWords {
    std::string days, seasons;
};
DateWords date_words(const Cron& cron);

/// "Berlin time", "UTC", "UTC-05:00" (of Etc/GMT+5, whose sign misleads).
std::string zone_words(const ZonePtr& zone);

}  // namespace foliot::trigger
