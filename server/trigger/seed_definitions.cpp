#include "trigger/seed_definitions.hpp"

#include "base/error.hpp"

#include <array>
#include <charconv>
#include <vector>

namespace foliot::trigger {
namespace {

struct Unit {
    std::string_view name;
    Micros length;
};
constexpr std::array<Unit, 5> kUnits{{{"days", 86'400 * kSecond},
                                      {"hours", 3'600 * kSecond},
                                      {"minutes", 60 * kSecond},
                                      {"seconds", kSecond},
                                      {"microseconds", 1}}};
constexpr std::string_view kUnitNames = "days, hours, minutes, seconds, microseconds";
constexpr Micros kShortest = 1'000, kLongest = 100'000'000'000 * kSecond;

[[noreturn]] void refuse(std::string_view definition, const std::string& why) {
    throw RequestError(Problem::invalid, std::string(definition) + " is not a valid " + why, "interval_definition");
}
[[noreturn]] void refuse_form(std::string_view definition) {
    refuse(definition, "interval string: integer and period (from: " + std::string(kUnitNames) + ") e.g. 1 minutes");
}

std::vector<std::string_view> words_of(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    std::vector<std::string_view> words;
    for (std::size_t end = 0;;) {
        const std::size_t begin = text.find_first_not_of(kBlanks, end);
        if (begin == std::string_view::npos) return words;
        end = std::min(text.find_first_of(kBlanks, begin), text.size());
        words.push_back(text.substr(begin, end - begin));
    }
}

/// As Python's int() reads it: a sign, zeros in front, single underscores between digits.
std::optional<std::int64_t> number_in(std::string_view text) {
    if (text.starts_with("+-")) return std::nullopt;
    if (text.starts_with('+')) text.remove_prefix(1);
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool between = i > 0 && i + 1 < text.size() && text[i - 1] != '_' && text[i - 1] != '-';
        if (text[i] != '_' || !between) digits += text[i];
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
    if (error == std::errc::result_out_of_range) return INT64_MAX;
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

// ---- as it is shown

/// What a field that is not given means.
std::string text_of(const Cron& cron, Field field) {
    const auto index = static_cast<std::size_t>(field);
    if (cron.given[index]) return *cron.given[index];
    bool below = false;
    for (std::size_t i = 0; i < cron.given.size(); ++i) {
        if (cron.given[i] && i > index) return "*";
        below = below || cron.given[i].has_value();
    }
    if (!below || field == Field::year || field == Field::week || field == Field::day_of_week) return "*";
    return field == Field::month || field == Field::day ? "1" : "0";
}

std::string weekday_text(const Cron& cron) {
    constexpr std::array<std::string_view, 7> kNames{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    if (cron.weekdays.all()) return "*";
    std::string names;
    for (std::size_t day = 0; day < kNames.size(); ++day) {
        if (cron.weekdays[day]) names += (names.empty() ? "" : ",") + std::string(kNames[day]);
    }
    return names;
}

bool same_dates(const Cron& a, const Cron& b) {
    return a.months == b.months && a.weeks == b.weeks && a.weekdays == b.weekdays && a.days == b.days &&
           a.last_weekdays == b.last_weekdays && a.nth_weekdays == b.nth_weekdays && a.last_day == b.last_day &&
           a.day_rule == b.day_rule;
}
bool same_times(const Cron& a, const Cron& b) {
    return a.hours == b.hours && a.minutes == b.minutes && a.seconds == b.seconds && a.fixed_times == b.fixed_times;
}

/// Does Seed read it so?
bool says(const std::string& text, const Cron& cron) {
    try {
        const Cron read = make_seed_cron(text, {}, {});
        const bool years = read.years == cron.years || (cron.years.count() > 8'000 && read.years.count() > 8'000);
        return years && same_dates(read, cron) && same_times(read, cron);
    } catch (const RequestError&) {
        return false;
    }
}

/// In as few fields as it takes.
std::optional<std::string> written(const Cron& cron) {
    if (!cron.source.empty()) return cron.source;
    if (!cron.line.empty() && says(cron.line, cron)) return cron.line;
    const std::string day = text_of(cron, Field::day);
    const std::string five = text_of(cron, Field::minute) + " " + text_of(cron, Field::hour) + " " +
                             (day == "last" ? "L" : day) + " " + text_of(cron, Field::month) + " " + weekday_text(cron);
    const std::string six = five + " " + text_of(cron, Field::year);
    for (const std::string& text : {five, six, text_of(cron, Field::second) + " " + six}) {
        if (says(text, cron)) return text;
    }
    return std::nullopt;
}

std::string written(const Interval& interval) {
    if (!interval.source.empty()) return interval.source;
    for (const auto& [name, length] : kUnits) {
        if (interval.every % length == 0) return std::to_string(interval.every / length) + " " + std::string(name);
    }
    return "";  // a microsecond fits all
}

}  // namespace

SeedParts seed_parts(const Trigger& trigger) {
    SeedParts parts{std::get_if<Cron>(&trigger), std::get_if<Interval>(&trigger)};
    const auto* any = std::get_if<Any>(&trigger);
    if (any == nullptr || any->of.size() > 2) return parts;
    for (const Single& single : any->of) {
        if (const auto* cron = std::get_if<Cron>(&single)) parts.cron = cron;
        if (const auto* interval = std::get_if<Interval>(&single)) parts.interval = interval;
    }
    const bool whole = any->of.size() == 1U + (parts.cron != nullptr && parts.interval != nullptr ? 1U : 0U);
    return whole && (parts.cron != nullptr || parts.interval != nullptr) ? parts : SeedParts{};
}

SeedDefinitions seed_definitions(const Trigger& trigger) {
    const SeedParts parts = seed_parts(trigger);
    SeedDefinitions shown;
    if (parts.cron != nullptr) shown.cron = written(*parts.cron);
    if (parts.interval != nullptr) shown.interval = written(*parts.interval);
    return shown;
}

Micros seed_length(std::string_view definition) {
    const auto words = words_of(definition);
    if (words.size() != 2) refuse_form(definition);
    const auto number = number_in(words[0]);
    if (!number) refuse_form(definition);
    for (const auto& [name, length] : kUnits) {
        if (name != words[1]) continue;
        if (*number < 1) refuse(definition, "interval: it must be longer than nothing");
        if (*number > kLongest / length) refuse(definition, "interval: it is longer than 3000 years");
        if (*number * length < kShortest) refuse(definition, "interval: it is shorter than a millisecond");
        return *number * length;
    }
    refuse(definition, "period. Accepted: " + std::string(kUnitNames) + ")");
}

}  // namespace foliot::trigger
