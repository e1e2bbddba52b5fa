// Fire times computed by APScheduler 3.9.1's own trigger classes.
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <set>

using namespace foliot;
using namespace foliot::trigger;

namespace {

/// What has no offset is local time.
Micros at(const json::Value& text, const ZonePtr& zone = {}) {
    const ParsedTime time = parse_time(text.string).value();
    return zone && !time.offset_seconds ? zone->instant_of(time.at) : time.at;
}

std::optional<Micros> optional_at(const json::Value& args, std::string_view name, const ZonePtr& zone) {
    const json::Value* value = args.find(name);
    return value != nullptr && value->is(json::Kind::string) ? std::optional(at(*value, zone)) : std::nullopt;
}

Trigger read_cron(const json::Value& args, const ZonePtr& zone) {
    std::array<std::optional<std::string>, kFieldCount> given;
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        const json::Value* value = args.find(field_name(static_cast<Field>(i)));
        if (value != nullptr && !value->is(json::Kind::null))
            given[i] = value->is(json::Kind::string) ? value->string : std::string(value->raw);
    }
    return make_cron(std::move(given), optional_at(args, "start_date", zone), optional_at(args, "end_date", zone),
                     zone);
}

/// The recording began its intervals at the moment it was made: without a start, the first fire tells the anchor.
Trigger read_interval(const json::Value& args, const json::Value& fires, const ZonePtr& zone) {
    double seconds = 0;
    const std::vector<std::pair<const char*, double>> units{
        {"weeks", 604'800}, {"days", 86'400}, {"hours", 3'600}, {"minutes", 60}, {"seconds", 1}};
    for (const auto& [name, size] : units) {
        if (const auto* value = args.find(name)) seconds += value->real * size;
    }
    if (seconds == 0) seconds = 1;
    return Interval{.every = static_cast<Micros>(seconds * kSecond),
                    .start = optional_at(args, "start_date", zone).value_or(at(fires.items.at(0))),
                    .end = optional_at(args, "end_date", zone),
                    .offset_seconds = 0};
}

Trigger read_trigger(const json::Value& line) {
    const json::Value& args = *line.find("args");
    const std::string& kind = line.find("trigger")->string;
    const ZonePtr zone = find_zone(line.find("timezone")->string).value();
    if (kind == "cron") return read_cron(args, zone);
    if (kind == "interval") return read_interval(args, *line.find("fire_times"), zone);
    return Date{optional_at(args, "run_date", zone).value(), 0};
}

/// Accepted by APScheduler, refused here: what it drops in silence, and dates that never come.
bool refused_on_purpose(const json::Value& line) {
    for (const auto& [name, value] : line.find("args")->members) {
        if (value.string.find("mon-fri/") == 0 || value.string == "wed/2" || value.string == "mon#2" ||
            value.string == "mon-" || value.string == "jan-1")
            return true;
    }
    const json::Value& args = *line.find("args");
    const bool no_fire = line.find("fire_times") != nullptr && line.find("fire_times")->items.empty();
    return no_fire && args.find("month") != nullptr && args.find("day") != nullptr;
}

void check(const json::Value& line) {
    const std::string name(line.find("args")->raw);
    if (line.find("error") != nullptr || refused_on_purpose(line)) {
        BOOST_CHECK_EXCEPTION(read_trigger(line), RequestError,
                              [](const auto& e) { return e.problem() == Problem::invalid; });
        return;
    }
    const Trigger trigger = read_trigger(line);
    Micros after = at(*line.find("now")) - 1;
    for (const auto& fire : line.find("fire_times")->items) {
        const auto next = next_after(trigger, after);
        BOOST_REQUIRE_MESSAGE(next, name);
        BOOST_TEST(iso_time(*next) == iso_time(at(fire)), name);
        after = *next;
    }
    if (line.find("fire_times")->items.size() < 8) BOOST_TEST(!next_after(trigger, after), name);
    if (const auto* cron = std::get_if<Cron>(&trigger)) {
        for (std::size_t i = 0; i < kFieldCount; ++i) {
            if (cron->given[i])
                BOOST_TEST(*cron->given[i] == line.find("fields")->find(field_name(static_cast<Field>(i)))->string);
        }
    }
}

/// Is the clock changed within two days? There APScheduler fires by a rule of its own, or not at all.
bool near_a_change(const Zone& zone, Micros at) {
    constexpr Micros kTwoDays = Micros{2 * 86'400} * kSecond;
    const auto stretch = zone.at(at);
    return at - stretch.begin < kTwoDays || stretch.end - at < kTwoDays;
}

/// Which of both fire at other times than near a change of the clock; how many fires they share.
std::size_t check_in_zone(const json::Value& line) {
    const Trigger trigger = read_trigger(line);
    const ZonePtr zone = find_zone(line.find("timezone")->string).value();
    std::set<Micros> recorded, ours;
    for (const auto& fire : line.find("fire_times")->items) recorded.insert(at(fire));
    Micros after = at(*line.find("now")) - 1;
    for (auto next = next_after(trigger, after); next && *next <= *recorded.rbegin(); next = next_after(trigger, *next))
        ours.insert(*next);
    std::vector<Micros> differing, shared;
    std::set_symmetric_difference(recorded.begin(), recorded.end(), ours.begin(), ours.end(),
                                  std::back_inserter(differing));
    std::set_intersection(recorded.begin(), recorded.end(), ours.begin(), ours.end(), std::back_inserter(shared));
    const bool is_cron = std::holds_alternative<Cron>(trigger);
    for (const Micros at : differing) {
        BOOST_TEST((is_cron && near_a_change(*zone, at)),
                   line.find("args")->raw << " in " << zone->name() << " at " << iso_time(at));
    }
    return shared.size();
}

}  // namespace

BOOST_AUTO_TEST_CASE(fire_times_are_those_that_apscheduler_computes) {
    std::ifstream in(FOLIOT_SOURCE_DIR "/tests/data/triggers_utc.jsonl");
    BOOST_REQUIRE(in);
    int count = 0;
    for (std::string text; std::getline(in, text); ++count) check(json::parse(text));
    BOOST_TEST(count == 73);
}

BOOST_AUTO_TEST_CASE(fire_times_in_zones_are_those_that_apscheduler_computes_but_where_the_clock_is_changed) {
    std::ifstream in(FOLIOT_SOURCE_DIR "/tests/data/triggers_zones.jsonl");
    BOOST_REQUIRE(in);
    std::size_t count = 0, shared = 0;
    for (std::string text; std::getline(in, text); ++count) {
        const auto line = json::parse(text);
        if (line.find("trigger")->string == "date") continue;  // recorded in a gap: by its own rule
        shared += check_in_zone(line);
    }
    BOOST_TEST(count == 78U);
    BOOST_TEST(shared > 1'000U);
}
