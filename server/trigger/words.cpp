#include "trigger/words.hpp"

#include "base/time_text.hpp"

#include <algorithm>

namespace foliot::trigger {
namespace {

std::string ordinal(std::size_t n) {
    const std::size_t digit = n / 10 % 10 == 1 ? 0 : n % 10;
    return std::to_string(n) + (digit == 1 ? "st" : digit == 2 ? "nd" : digit == 3 ? "rd" : "th");
}

}  // namespace

std::optional<Steps> steps_of(const Values& values) {
    if (values.size() < 2) return std::nullopt;
    const std::size_t step = values[1] - values[0];
    for (std::size_t i = 2; i < values.size(); ++i) {
        if (values[i] - values[i - 1] != step) return std::nullopt;
    }
    return Steps{values.front(), step, values.back()};
}

std::string listed(const Words& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
        text += words[i];
    }
    return text;
}

Words ranges(const Values& values, Name name) {
    Words words;
    for (std::size_t i = 0, last = 0; i < values.size(); i = last + 1) {
        last = i;
        while (last + 1 < values.size() && values[last + 1] == values[last] + 1) ++last;
        if (last - i == 1) last = i;  // two are no range
        words.push_back(name(values[i]) + (last > i ? " to " + name(values[last]) : ""));
    }
    return words;
}

std::string number(std::size_t n) { return std::to_string(n); }

std::string members(const Values& values, std::string_view unit) {
    constexpr std::size_t kMostListed = 6;
    const auto steps = steps_of(values);
    if (steps && steps->step > 1 && values.size() > kMostListed) {
        return "every " + ordinal(steps->step) + " " + std::string(unit) + " from " + number(steps->first) + " to " +
               number(steps->last);
    }
    return std::string(unit) + (values.size() > 1 ? "s " : " ") + listed(ranges(values, number));
}

std::string every(std::size_t n, std::string_view unit) {
    return n == 1 ? "every " + std::string(unit) : "every " + number(n) + " " + std::string(unit) + "s";
}

std::string zone_words(const ZonePtr& zone) {
    const std::string name = zone_name(zone);
    if (name.starts_with("Etc/") && !zone->missing()) {
        const auto offset = static_cast<int>(zone->at(0).offset / kSecond);
        return offset == 0 ? "UTC" : "UTC" + iso_time(0, offset).substr(19);
    }
    std::string city = name.substr(name.rfind('/') + 1);
    std::replace(city.begin(), city.end(), '_', ' ');
    return city == name ? city : city + " time";
}

}  // namespace foliot::trigger
