#include "trigger/words.hpp"

#include <array>
#include <cstdio>

namespace foliot::trigger {
namespace {

constexpr std::size_t kMinute = 60, kHour = 3'600, kDay = 86'400;

/// Those that fire, in seconds of the day.
Values times_of_day(const Cron& cron) {
    const Values minutes = values_of(cron.minutes), seconds = values_of(cron.seconds);
    Values times;
    for (const std::size_t h : values_of(cron.hours)) {
        for (const std::size_t m : minutes) {
            for (const std::size_t s : seconds) times.push_back(h * kHour + m * kMinute + s);
        }
    }
    return times;
}

bool has_seconds(const Cron& cron) { return cron.seconds.count() > 1 || !cron.seconds[0]; }

std::string clock(std::size_t time, bool seconds) {
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), seconds ? "%02zu:%02zu:%02zu" : "%02zu:%02zu", time / kHour,
                  time / kMinute % 60, time % kMinute);
    return text.data();
}

std::string each(const Values& times, bool seconds) {
    Words words;
    for (const std::size_t time : times) words.push_back(clock(time, seconds));
    return "at " + listed(words);
}

std::string every_step(std::size_t step) {
    if (step % kHour == 0) return every(step / kHour, "hour");
    if (step % kMinute == 0) return every(step / kMinute, "minute");
    return every(step, "second");
}

/// Where steps that go round the clock begin.
std::string beginning(const Steps& steps, bool seconds) {
    const auto& [first, step, last] = steps;
    if (first == 0) return "";
    if (step == kMinute) return " at second " + number(first);
    if (step < kMinute) return " from second " + number(first);
    if (step <= kHour && !seconds) return (step == kHour ? " at minute " : " from minute ") + number(first / kMinute);
    return " from " + clock(first, seconds) + " to " + clock(last, seconds);
}

TimeWords stepped(const Steps& steps, bool seconds) {
    const auto& [first, step, last] = steps;
    const std::string text = every_step(step);
    if (last + step == first + kDay) return {text + beginning(steps, seconds), true};
    return {text + " from " + clock(first, seconds) + " to " + clock(last, seconds), false};
}

/// Of 0 to 59: "every 10 minutes", "at minutes 3 and 7".
std::string leading(const Values& values, std::string_view unit) {
    const auto steps = steps_of(values);
    const bool even = steps && steps->first == 0 && steps->last + steps->step == 60;
    return even ? every(steps->step, unit) : "at " + members(values, unit);
}

/// " of minutes 3 and 7"; of all of them only when `all_too`.
template <std::size_t N>
std::string of(const std::bitset<N>& set, std::string_view unit, bool all_too) {
    if (set.all()) return all_too ? " of every " + std::string(unit) : "";
    return " of " + members(values_of(set), unit);
}

/// Field by field, the least first.
std::string by_fields(const Cron& cron) {
    if (!has_seconds(cron)) {
        const std::string text = leading(values_of(cron.minutes), "minute");
        return text + of(cron.hours, "hour", text.starts_with("at"));
    }
    const std::string text = leading(values_of(cron.seconds), "second");
    return text + of(cron.minutes, "minute", text.starts_with("at")) + of(cron.hours, "hour", !cron.minutes.all());
}

}  // namespace

TimeWords time_words(const Cron& cron) {
    constexpr std::size_t kMostListed = 6;
    const Values times = times_of_day(cron);
    if (times.size() <= kMostListed) return {each(times, has_seconds(cron)), false};
    if (const auto steps = steps_of(times)) return stepped(*steps, has_seconds(cron));
    return {by_fields(cron), cron.hours.all()};
}

}  // namespace foliot::trigger
