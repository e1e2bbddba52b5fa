#include "base/time_text.hpp"
#include "trigger/cron.hpp"
#include "trigger/describe.hpp"

#include <algorithm>

// What changes of the clock do to a cron, in words.
namespace foliot::trigger {
namespace {

constexpr std::size_t kMost = 10;

/// Local time as text; its seconds only when there are any.
std::string shown(Micros local) {
    std::string text = iso_time(local).substr(0, 19);
    text[10] = ' ';
    return text.ends_with(":00") ? text.substr(0, 16) : text;
}

/// The first matching local time in [from, to), both local.
std::optional<Micros> match(const Cron& cron, Micros from, Micros to) {
    const auto found = nth_local(cron, from / kSecond, 0);
    if (!found || *found * kSecond >= to) return std::nullopt;
    return *found * kSecond;
}

std::string time_only(Micros local) { return shown(local).substr(11); }

std::string in_gap(const Cron& cron, const Zone::Stretch& after, Micros missing) {
    const Micros begin = after.begin + after.offset;
    const std::string what = "on " + shown(missing) + " does not exist: ";
    if (!cron.fixed_times) return what + "does not fire then";
    const bool same_day = shown(begin).substr(0, 10) == shown(missing).substr(0, 10);
    return what + "fires at " + (same_day ? time_only(begin) : shown(begin));
}

std::string doubled(const Cron& cron, Micros twice) {
    return "on " + shown(twice) + " comes twice: fires " + (cron.fixed_times ? "the first time" : "both times");
}

void add(const Cron& cron, Micros after, Micros until, std::vector<std::string>& found) {
    if (cron.zone == nullptr || cron.hours.all()) return;
    until = std::min(until, cron.end.value_or(until));
    after = std::max(after, cron.start.value_or(after));
    for (auto stretch = cron.zone->at(after); stretch.end <= until && found.size() < kMost;) {
        const Micros shown_before = stretch.end + stretch.offset;
        stretch = cron.zone->at(stretch.end);
        const Micros shown_now = stretch.begin + stretch.offset;
        if (const auto missing = match(cron, shown_before, shown_now)) found.push_back(in_gap(cron, stretch, *missing));
        if (const auto twice = match(cron, shown_now, shown_before)) found.push_back(doubled(cron, *twice));
    }
}

}  // namespace

std::vector<std::string> warnings(const Trigger& trigger, Micros after, Micros until) {
    std::vector<std::string> found;
    if (const auto* cron = std::get_if<Cron>(&trigger)) add(*cron, after, until, found);
    if (const auto* any = std::get_if<Any>(&trigger)) {
        for (const Single& single : any->of) {
            if (const auto* cron = std::get_if<Cron>(&single)) add(*cron, after, until, found);
        }
    }
    return found;
}

}  // namespace foliot::trigger
