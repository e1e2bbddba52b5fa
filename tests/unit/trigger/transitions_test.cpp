// Every change of the clock in ten years each way, and what fires around it, as Python's zoneinfo has it
// (tests/data/make_transitions.py).
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <map>

using namespace foliot;
using namespace foliot::trigger;

namespace {

constexpr Micros kMinute = 60 * kSecond;

struct Table {
    std::string tz;
    std::vector<std::string> lines;
};

Table read_table() {
    std::ifstream in(FOLIOT_SOURCE_DIR "/tests/data/triggers_transitions.jsonl");
    Table table;
    std::string line;
    if (std::getline(in, line)) table.tz = json::parse(line).find("tz")->string;
    while (std::getline(in, line)) table.lines.push_back(line);
    return table;
}

Micros at(const json::Value& change) { return parse_time(change.find("at")->string).value().at; }

/// Governments change their minds: what another release of the tz database says of later years is its own.
bool is_settled(const Table& table, Micros change) {
    static const Micros settled = parse_time("2024-01-01T00:00Z").value().at;
    return table.tz == tz_version() || change < settled;
}

void check_offsets(const Zone& zone, const json::Value& change) {
    const Micros instant = at(change);
    BOOST_TEST(zone.at(instant).begin == instant);
    BOOST_TEST(zone.at(instant - 1).offset == change.find("before")->integer * kMinute);
    BOOST_TEST(zone.at(instant).offset == change.find("after")->integer * kMinute);
}

void check_fires(const Trigger& trigger, Micros change, const json::Value& expected) {
    const Micros window = expected.find("window")->integer * kMinute;
    const Micros after = change - window, until = change + window;
    std::vector<Micros> fires;
    for (const auto& fire : expected.find("fires")->items) fires.push_back(change + fire.integer * kMinute);
    std::vector<Micros> walked;
    for (auto next = next_after(trigger, after); next && *next <= until; next = next_after(trigger, *next))
        walked.push_back(*next);
    BOOST_TEST(walked == fires, boost::test_tools::per_element());
    const Fires counted = fires_between(trigger, after, until);
    BOOST_TEST(counted.count == static_cast<std::int64_t>(fires.size()));
    if (fires.empty()) return;
    BOOST_TEST(counted.first == fires.front());
    BOOST_TEST(counted.last == fires.back());
    BOOST_TEST(last_before(trigger, until + 1).value() == fires.back());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transitions)

BOOST_AUTO_TEST_CASE(what_fires_around_each_change_is_what_the_rule_says) {
    const Table table = read_table();
    int checked = 0;
    for (const std::string& text : table.lines) {
        const json::Value change = json::parse(text);
        const Micros instant = at(change);
        if (!is_settled(table, instant)) continue;
        const ZonePtr zone = find_zone(change.find("zone")->string).value();
        BOOST_TEST_CONTEXT(zone->name() << " at " << iso_time(instant)) {
            check_offsets(*zone, change);
            for (const auto& [line, expected] : change.find("lines")->members) {
                BOOST_TEST_CONTEXT(line) check_fires(make_crontab(line, {}, {}, zone), instant, expected);
            }
        }
        ++checked;
    }
    BOOST_TEST(checked > 100);
    BOOST_TEST_MESSAGE(checked << " of " << table.lines.size() << " changes, tz " << tz_version());
}

BOOST_AUTO_TEST_CASE(no_zone_has_other_changes) {
    const Table table = read_table();
    std::map<std::string, std::vector<Micros>> known;
    for (const std::string& text : table.lines) {
        const json::Value change = json::parse(text);
        known[change.find("zone")->string].push_back(at(change));
    }
    BOOST_TEST(known.size() == 9U);
    const Micros end = parse_time("2036-01-01T00:00Z").value().at;
    for (const auto& [name, changes] : known) {
        const ZonePtr zone = find_zone(name).value();
        auto next = changes.begin();
        for (Micros change = changes.front(); change < end && is_settled(table, change); ++next) {
            BOOST_REQUIRE_MESSAGE(next != changes.end() && *next == change, name << " at " << iso_time(change));
            change = zone->at(change).end;
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
