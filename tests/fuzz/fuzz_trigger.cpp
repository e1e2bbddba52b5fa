// Every parser of triggers over one text: five bytes choose the parser, a zone and an instant, the rest is the text.
#include "api/apscheduler/dates.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "require.hpp"
#include "trigger/describe.hpp"
#include "trigger/trigger.hpp"
#include "trigger/walk.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

using namespace foliot;
using namespace foliot::trigger;

namespace {

constexpr Micros kYear = Micros{366} * 86'400 * kSecond;

struct Input {
    Micros after;
    ZonePtr zone;
    std::string text;
};

bool same_fields(const Cron& a, const Cron& b) {
    return a == b && a.years == b.years && a.months == b.months && a.weeks == b.weeks && a.weekdays == b.weekdays &&
           a.days == b.days && a.last_weekdays == b.last_weekdays && a.nth_weekdays == b.nth_weekdays &&
           a.last_day == b.last_day && a.hours == b.hours && a.minutes == b.minutes && a.seconds == b.seconds &&
           a.day_rule == b.day_rule && a.fixed_times == b.fixed_times;
}

unsigned iso_week(std::chrono::sys_days date) {
    using namespace std::chrono;
    const sys_days thursday = date - days{weekday{date}.iso_encoding()} + days{4};
    return static_cast<unsigned>((thursday - sys_days{year_month_day{thursday}.year() / January / 1}).count()) / 7 + 1;
}

bool matches(const Cron& cron, std::chrono::sys_days date) {
    using namespace std::chrono;
    const year_month_day ymd{date};
    const auto day = static_cast<unsigned>(ymd.day());
    const auto length = static_cast<unsigned>((ymd.year() / ymd.month() / last).day());
    const unsigned of_week = weekday{date}.iso_encoding() - 1;
    const bool of_month = cron.days[day] || (cron.last_day && day == length) ||
                          cron.nth_weekdays[(day - 1) / 7 + 1][of_week] ||
                          (cron.last_weekdays[of_week] && day + 7 > length);
    const bool chosen =
        cron.day_rule == DayRule::both ? of_month && cron.weekdays[of_week] : of_month || cron.weekdays[of_week];
    return chosen && cron.years[static_cast<std::size_t>(static_cast<int>(ymd.year()))] &&
           cron.months[static_cast<unsigned>(ymd.month())] && cron.weeks[iso_week(date)];
}

/// All its fields match the local time; but a fixed time may have come from a gap.
void check_fire(const Cron& cron, Micros at) {
    using namespace std::chrono;
    REQUIRE(at % kSecond == 0 && at >= -2 * 86'400 * kSecond);
    REQUIRE(!cron.start || at >= *cron.start);
    REQUIRE(!cron.end || at <= *cron.end);
    const auto stretch = cron.zone ? cron.zone->at(at) : Zone::Stretch{};
    const std::int64_t local = (at + stretch.offset) / kSecond;
    const auto date = floor<days>(sys_seconds{seconds{local}});
    const auto second = static_cast<std::size_t>(local - date.time_since_epoch().count() * 86'400);
    const bool as_written =
        matches(cron, date) && cron.hours[second / 3600] && cron.minutes[second / 60 % 60] && cron.seconds[second % 60];
    REQUIRE(as_written || (cron.fixed_times && cron.zone && stretch.begin == at));
}

void check_fires(const Trigger& trigger, Micros after) {
    std::int64_t n = 0;
    Walk walk(trigger, after);
    for (Micros at = after; n < 5;) {
        const auto next = next_after(trigger, at);
        REQUIRE(walk.next() == next);
        REQUIRE(nth_after(trigger, after, n + 1) == next);
        if (!next) break;
        REQUIRE(*next > at);
        if (const auto* cron = std::get_if<Cron>(&trigger)) check_fire(*cron, *next);
        const auto before = last_before(trigger, *next);
        REQUIRE(n == 0 ? !before || *before <= after : before == at);
        const Fires fires = fires_between(trigger, after, *next);
        REQUIRE(fires.count == ++n && fires.last == *next);
        REQUIRE(newest_fires(trigger, after, *next, 1) == std::vector{*next});
        at = *next;
    }
}

void check(const Trigger& trigger, Micros after) {
    check_fires(trigger, after);
    const std::string stored = to_json(trigger);
    const json::Value value = json::parse(stored);
    const Trigger again = from_json(value);
    REQUIRE(again == trigger && to_json(again) == stored);
    if (const auto* cron = std::get_if<Cron>(&trigger)) REQUIRE(same_fields(*cron, std::get<Cron>(again)));
    REQUIRE(json::valid_text(describe(trigger)));
    REQUIRE(warnings(trigger, after, after + kYear).size() <= 10);
}

void line(const Input& input) { check(make_crontab(input.text, {}, {}, input.zone), input.after); }

void definition(const Input& input) { check(make_seed_cron(input.text, {}, {}, input.zone), input.after); }

/// A line is a field; a dash is one that is not given.
void fields(const Input& input) {
    std::array<std::optional<std::string>, kFieldCount> given;
    std::string_view rest = input.text;
    for (auto& field : given) {
        const std::string_view expression = rest.substr(0, rest.find('\n'));
        if (expression != "-") field = expression;
        if (expression.size() == rest.size()) break;
        rest.remove_prefix(expression.size() + 1);
    }
    check(make_cron(given, {}, {}, input.zone), input.after);
}

void date(const Input& input) {
    const auto time = api::apscheduler::read_time(input.text);
    if (!time) return;
    const auto again = api::apscheduler::read_time(iso_time(time->at, time->offset_seconds.value_or(0)));
    REQUIRE(again && again->at == time->at);
    check(Date{.at = time->at, .offset_seconds = time->offset_seconds.value_or(0)}, input.after);
}

void stored(const Input& input) {
    const json::Value value = json::parse(input.text);
    check(from_json(value), input.after);
}

void zone_name(const Input& input) {
    const auto zone = find_zone(input.text);
    if (!zone || *zone == nullptr) return;
    REQUIRE((*zone)->name().size() == input.text.size());
    const auto stretch = (*zone)->at(input.after);
    REQUIRE(stretch.begin <= input.after && input.after < stretch.end);
    REQUIRE((*zone)->instant_of(input.after + stretch.offset) <= input.after);
    check(make_crontab("30 2 * * *", {}, {}, *zone), input.after);
}

constexpr void (*kParsers[])(const Input&) = {line, fields, date, stored, zone_name, definition};
constexpr const char* kZones[]{"UTC",           "Europe/Berlin",    "Australia/Lord_Howe", "Pacific/Apia",
                               "Africa/Cairo",  "America/Santiago", "Antarctica/Troll",    "Africa/Casablanca",
                               "Asia/Kathmandu"};

/// What is said of a text shows none of its characters that do not print, and not all of a long one.
void check_refusal(const RequestError& error) {
    const std::string_view said = error.what();
    REQUIRE(error.problem() == Problem::invalid && !said.empty() && said.size() < 800 && json::valid_text(said));
    REQUIRE(std::none_of(said.begin(), said.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kHead = 5;
    if (size < kHead) return 0;
    const std::size_t parser = (data[0] + std::size_t{256} - '0') % std::size(kParsers);
    const std::size_t zone = (data[1] + std::size_t{256} - '0') % std::size(kZones);
    const Micros instant = data[2] * Micros{65'536} + data[3] * Micros{256} + data[4];  // of 700 s each: 372 years
    const Input input{instant * 700 * kSecond + instant % 3 - 1, find_zone(kZones[zone]).value(),
                      std::string(fuzz::text_of(data, size).substr(kHead))};
    try {
        kParsers[parser](input);
    } catch (const RequestError& error) {
        check_refusal(error);
    } catch (const std::runtime_error& error) {  // not stored by us
        REQUIRE(*error.what() != '\0');
    }
    return 0;
}
