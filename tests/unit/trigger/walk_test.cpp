// Walking from fire to fire finds what asking for each finds.
#include "trigger/walk.hpp"

#include "base/error.hpp"
#include "base/time_text.hpp"
#include "unit/trigger/random_cron.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::trigger;
using foliot::testing::RandomCron;

namespace {

Micros at(std::string_view text) { return parse_time(text).value().at; }

Cron random_cron(RandomCron& random, const ZonePtr& zone, std::optional<Micros> end) {
    for (;;) {
        try {
            return make_cron(random.next(), {}, end, zone);
        } catch (const RequestError&) {}  // impossible
    }
}

void check_walk(const Trigger& trigger, Micros after, int count) {
    Walk walk(trigger, after);
    auto expected = next_after(trigger, after);
    for (int i = 0; i < count; ++i) {
        const auto found = walk.next();
        BOOST_REQUIRE_MESSAGE(found == expected, to_json(trigger) << " after " << iso_time(after) << ", fire " << i);
        if (!expected) return;
        expected = next_after(trigger, *expected);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(walk)

BOOST_AUTO_TEST_CASE(random_crons_in_zones_with_odd_changes) {
    RandomCron random(11);
    const std::vector<const char*> zones{"Europe/Berlin",    "Australia/Lord_Howe", "Antarctica/Troll",
                                         "America/Santiago", "Pacific/Apia",        "Africa/Casablanca"};
    for (int round = 0; round < 600; ++round) {
        const ZonePtr zone =
            random.chance(80) ? find_zone(zones[static_cast<std::size_t>(random.pick(0, 5))]).value() : ZonePtr();
        const Micros after = at("2024-01-01") + random.pick(0, 6 * 365 * 86'400) * kSecond;
        const auto end =
            random.chance(20) ? std::optional(after + random.pick(0, 90 * 86'400) * kSecond) : std::nullopt;
        check_walk(random_cron(random, zone, end), after, 200);
    }
}

BOOST_AUTO_TEST_CASE(through_each_change_of_the_clock) {
    for (const char* name : {"Europe/Berlin", "Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Apia"}) {
        const ZonePtr zone = find_zone(name).value();
        for (const char* line : {"*/7 * * * *", "30 2 * * *", "15 0-23 * * *", "*/20 13,14 2 * * *", "0 0 * * *"}) {
            const Trigger trigger = make_crontab(line, {}, {}, zone);
            for (auto stretch = zone->at(at("2011-06-01")); stretch.end < at("2028-01-01");
                 stretch = zone->at(stretch.end)) {
                check_walk(trigger, stretch.end - 7'200 * kSecond, 30);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(dates_intervals_unions_shared_schedules_and_nothing) {
    const Micros now = at("2026-11-21");
    const Interval interval{.every = 1'500 * kMillisecond, .start = now, .end = now + 60 * kSecond};
    check_walk(None{}, now, 2);
    check_walk(Date{now}, now - 1, 3);
    check_walk(Date{now}, now, 2);
    check_walk(interval, now - 10 * kSecond, 60);
    check_walk(Interval{.every = kLastInstant, .start = now, .end = {}}, now - 1, 3);
    const Any any = make_any({interval, make_crontab("*/10 * * * * *", {}, {}), Date{now + 3 * kSecond}});
    check_walk(any, now - 20 * kSecond, 100);
    check_walk(Shared{.schedule = 1, .rev = 1, .rule = any}, now, 100);
    check_walk(make_cron({"9999"}, {}, {}), at("9999-12-30"), 3);
}

BOOST_AUTO_TEST_SUITE_END()
