#include "trigger/describe.hpp"

#include "base/time_text.hpp"
#include "trigger/words.hpp"

#include <array>

namespace foliot::trigger {
namespace {

struct Unit {
    std::string_view name;
    Micros size;
};
constexpr std::array<Unit, 5> kUnits{{{"week", 604'800 * kSecond},
                                      {"day", 86'400 * kSecond},
                                      {"hour", 3'600 * kSecond},
                                      {"minute", 60 * kSecond},
                                      {"second", kSecond}}};

/// "1.5 seconds".
std::string seconds_words(Micros length) {
    std::string text = std::to_string(length / kSecond);
    if (const Micros rest = length % kSecond; rest != 0) {
        text += "." + std::to_string(kSecond + rest).substr(1);
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + (text == "1" ? " second" : " seconds");
}

/// In one unit where that is no large number: "every 90 minutes", "every 1 day and 30 minutes".
std::string every_length(Micros length) {
    constexpr Micros kMostOfOneUnit = 120;
    for (const auto& [name, size] : kUnits) {
        if (length % size == 0 && length / size <= kMostOfOneUnit)
            return every(static_cast<std::size_t>(length / size), name);
    }
    Words words;
    for (const auto& [name, size] : kUnits) {
        if (name == "week" || name == "second") continue;
        if (const Micros count = length / size; count > 0)
            words.push_back(std::to_string(count) + " " + std::string(name) + (count > 1 ? "s" : ""));
        length %= size;
    }
    if (length > 0) words.push_back(seconds_words(length));
    return "every " + listed(words);
}

std::string instant(Micros at, const ZonePtr& in) {
    const Micros offset = in && !in->missing() ? in->at(at).offset : 0;
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

struct Describe {
    const ZonePtr& in;

    std::string operator()(const None&) const { return "never by itself"; }
    std::string operator()(const Date& date) const {
        return "once, on " + instant(date.at, date.zone ? date.zone : in);
    }
    std::string operator()(const Interval& interval) const {
        const ZonePtr& zone = interval.zone ? interval.zone : in;
        return every_length(interval.every) + limits(interval.start, interval.end, zone);
    }
    std::string operator()(const Cron& cron) const {
        const auto [days, seasons] = date_words(cron);
        const auto [time, round_the_clock] = time_words(cron);
        const bool daily = days == "every day" && round_the_clock;
        return (daily ? time : days + (time.starts_with("at") ? " " : ", ") + time) + seasons + ", " +
               zone_words(cron.zone) + limits(cron.start, cron.end, cron.zone);
    }
    std::string operator()(const Any& any) const {
        if (any.of.size() == 1) return std::visit(*this, any.of.front());
        std::string text;
        for (std::size_t i = 0; i < any.of.size(); ++i)
            text += (i > 0 ? "; (" : "(") + number(i + 1) + ") " + std::visit(*this, any.of[i]);
        return text;
    }
    std::string operator()(const Shared& shared) const {
        return std::visit(*this, shared.rule) + " (schedule " + std::to_string(shared.schedule) + ")";
    }
};

}  // namespace

std::string describe(const Trigger& trigger, const ZonePtr& in) { return std::visit(Describe{in}, trigger); }

}  // namespace foliot::trigger
