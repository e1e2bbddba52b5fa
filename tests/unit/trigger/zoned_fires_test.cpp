// Fires around changes of the clock, by the rule of docs/triggers.md: a fixed time fires once a day, in a gap at the
// first instant after it, a doubled one the first time; any other pattern follows real time.
#include "base/time_text.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::trigger;

namespace {

struct Expected {
    const char *zone, *line, *from;  ///< fires strictly after `from`
    std::vector<const char*> fires;
};

std::ostream& operator<<(std::ostream& out, const Expected& e) { return out << e.line << " in " << e.zone; }

std::vector<std::string> fires(const Expected& e) {
    const ZonePtr zone = find_zone(e.zone).value();
    const Trigger trigger = make_crontab(e.line, {}, {}, zone);
    std::vector<std::string> found;
    Micros after = parse_time(e.from).value().at;
    for (std::size_t i = 0; i < e.fires.size(); ++i) {
        after = next_after(trigger, after).value();
        found.push_back(iso_time(after, static_cast<int>(zone->at(after).offset / kSecond)));
    }
    return found;
}

void check(const Expected& e) {
    const auto found = fires(e);
    for (std::size_t i = 0; i < found.size(); ++i) BOOST_TEST(found[i] == e.fires[i], e);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zoned_fires)

BOOST_AUTO_TEST_CASE(a_fixed_time_in_a_gap_fires_at_the_first_instant_after_it) {
    check({"Europe/Berlin",
           "30 2 * * *",
           "2026-03-27T12:00:00Z",
           {"2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}});
    check({"America/New_York",
           "15 2 * * *",
           "2026-03-07T12:00:00Z",
           {"2026-03-08T03:00:00-04:00", "2026-03-09T02:15:00-04:00"}});
    check({"Europe/London",
           "30 1 * * *",
           "2026-03-28T12:00:00Z",
           {"2026-03-29T02:00:00+01:00", "2026-03-30T01:30:00+01:00"}});
    check({"Australia/Lord_Howe",
           "15 2 * * *",
           "2026-10-03T00:00:00Z",
           {"2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"}});
    check({"Antarctica/Troll",
           "30 1 * * *",
           "2026-03-28T12:00:00Z",
           {"2026-03-29T03:00:00+02:00", "2026-03-30T01:30:00+02:00"}});
}

BOOST_AUTO_TEST_CASE(midnight_may_be_in_the_gap_and_so_may_a_whole_day) {
    check({"America/Santiago",
           "0 0 * * *",
           "2026-09-05T12:00:00Z",
           {"2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00"}});
    check({"America/Sao_Paulo",
           "0 0 * * *",
           "2017-10-14T12:00:00Z",
           {"2017-10-15T01:00:00-02:00", "2017-10-16T00:00:00-02:00"}});
    check({"Pacific/Apia",
           "0 10 * * *",
           "2011-12-29T00:00:00Z",
           {"2011-12-29T10:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T10:00:00+14:00"}});
    check({"Pacific/Apia",
           "0 */6 * * *",
           "2011-12-30T05:00:00Z",
           {"2011-12-31T00:00:00+14:00", "2011-12-31T06:00:00+14:00"}});
}

BOOST_AUTO_TEST_CASE(several_times_in_a_gap_and_the_instant_after_it_are_one_fire) {
    check({"Europe/Berlin",
           "0,15,30 2 * * *",
           "2026-03-28T12:00:00Z",
           {"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00", "2026-03-30T02:15:00+02:00"}});
    check({"Europe/Berlin",
           "30 2,3 * * *",
           "2026-03-28T12:00:00Z",
           {"2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"}});
    check({"Europe/Berlin",
           "0 2,3 * * *",
           "2026-03-28T12:00:00Z",
           {"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"}});
}

BOOST_AUTO_TEST_CASE(a_doubled_fixed_time_fires_the_first_time) {
    check({"Europe/Berlin",
           "30 2 * * *",
           "2026-10-24T12:00:00Z",
           {"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}});
    check({"America/New_York",
           "30 1 * * *",
           "2026-10-31T12:00:00Z",
           {"2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"}});
    check({"Australia/Lord_Howe",
           "45 1 * * *",
           "2026-04-04T00:00:00Z",
           {"2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"}});
    check({"America/Santiago",
           "30 23 * * *",
           "2026-04-04T12:00:00Z",
           {"2026-04-04T23:30:00-03:00", "2026-04-05T23:30:00-04:00"}});
    check({"Africa/Casablanca",
           "30 2 * * *",
           "2026-02-14T12:00:00Z",
           {"2026-02-15T02:30:00+01:00", "2026-02-16T02:30:00+00:00"}});
}

BOOST_AUTO_TEST_CASE(other_patterns_follow_real_time) {
    check({"Europe/Berlin",
           "0 * * * *",
           "2026-03-29T00:00:00Z",
           {"2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"}});
    check({"Europe/Berlin",
           "*/30 * * * *",
           "2026-10-25T00:00:00Z",
           {"2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T02:30:00+01:00",
            "2026-10-25T03:00:00+01:00"}});
    check({"Europe/Berlin",
           "*/30 2 * * *",
           "2026-03-28T12:00:00Z",
           {"2026-03-30T02:00:00+02:00", "2026-03-30T02:30:00+02:00"}});
    check({"Australia/Lord_Howe",
           "*/15 * * * *",
           "2026-04-04T14:30:00Z",
           {"2026-04-05T01:45:00+11:00", "2026-04-05T01:30:00+10:30", "2026-04-05T01:45:00+10:30",
            "2026-04-05T02:00:00+10:30"}});
}

BOOST_AUTO_TEST_CASE(what_is_only_ever_in_a_gap_and_follows_real_time_never_fires) {
    std::array<std::optional<std::string>, kFieldCount> given;
    given[static_cast<std::size_t>(Field::month)] = "3";
    given[static_cast<std::size_t>(Field::day)] = "last sun";
    given[static_cast<std::size_t>(Field::hour)] = "2";
    given[static_cast<std::size_t>(Field::minute)] = "*";
    const Trigger trigger = make_cron(given, {}, {}, find_zone("Europe/Berlin").value());
    BOOST_TEST(!next_after(trigger, parse_time("2026-01-01T00:00:00Z").value().at));
}

BOOST_AUTO_TEST_SUITE_END()
