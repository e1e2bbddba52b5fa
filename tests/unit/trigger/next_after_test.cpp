#include "base/error.hpp"
#include "base/time_text.hpp"
#include "trigger/trigger.hpp"
#include "unit/trigger/brute.hpp"
#include "unit/trigger/random_cron.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace foliot;
using namespace foliot::trigger;
using foliot::testing::BruteCron;
using foliot::testing::Expressions;
using foliot::testing::RandomCron;

namespace {

Micros at(std::string_view text) { return parse_time(text).value().at; }

}  // namespace

BOOST_AUTO_TEST_SUITE(next_after_suite)

BOOST_AUTO_TEST_CASE(random_crons_fire_exactly_when_the_slow_definition_says) {
    RandomCron source(20261121);
    constexpr int kDaysAhead = 400;
    int compared = 0;
    for (int round = 0; round < 1'500; ++round) {
        const Expressions given = source.next();
        std::optional<Cron> cron;
        const Micros from = at("2026-01-01") + source.pick(0, 3 * 365 * 86'400) * kSecond + source.pick(-1, 1);
        const BruteCron slow(given);
        const auto expected = slow.matches((from + kSecond) / kSecond, 3, kDaysAhead);
        try {
            cron = make_cron(given, {}, {});
        } catch (const RequestError&) {
            BOOST_REQUIRE(expected.empty());
            continue;
        }
        Micros after = from;
        for (const Micros next : expected) {
            const auto found = next_after(*cron, after);
            BOOST_REQUIRE_MESSAGE(found && *found == next, to_json(*cron) << " after " << iso_time(after) << " wants "
                                                                          << iso_time(next) << " got "
                                                                          << iso_time(found.value_or(0)));
            after = next;
            ++compared;
        }
        if (expected.empty()) {
            const auto found = next_after(*cron, from);
            BOOST_REQUIRE(!found || *found >= from + (kDaysAhead - 1) * 86'400 * kSecond);
        }
    }
    BOOST_TEST(compared > 2'000);
}

BOOST_AUTO_TEST_CASE(the_instants_are_strictly_rising_at_any_microsecond) {
    const Trigger every_second = make_cron({}, {}, {});
    const Micros t = at("2026-11-21T00:00:00Z");
    BOOST_TEST(*next_after(every_second, t - 1) == t);
    BOOST_TEST(*next_after(every_second, t) == t + kSecond);
    BOOST_TEST(*next_after(every_second, t + 1) == t + kSecond);
}

BOOST_AUTO_TEST_CASE(start_and_end_are_part_of_the_range) {
    Expressions given;
    given[5] = "6";
    const Trigger cron = make_cron(given, at("2026-01-02T06:00:00Z"), at("2026-01-04T06:00:00Z"));
    BOOST_TEST(*next_after(cron, at("2020-01-01")) == at("2026-01-02T06:00:00Z"));
    BOOST_TEST(*next_after(cron, at("2026-01-03T06:00:00Z")) == at("2026-01-04T06:00:00Z"));
    BOOST_TEST(!next_after(cron, at("2026-01-04T06:00:00Z")));
    const Trigger late_start = make_cron(given, at("2026-01-02T06:00:00Z") + 1, {});
    BOOST_TEST(*next_after(late_start, 0) == at("2026-01-03T06:00:00Z"));
}

BOOST_AUTO_TEST_CASE(a_trigger_with_nothing_left_has_no_next_fire) {
    Expressions past;
    past[0] = "2020";
    BOOST_TEST(!next_after(make_cron(past, {}, {}), at("2026-11-21")));
    BOOST_TEST(!next_after(make_cron({}, {}, at("2020-01-01")), at("2026-11-21")));
    BOOST_TEST(!next_after(None{}, 0));
    BOOST_TEST(!next_after(Date{at("2020-01-01"), 0}, at("2020-01-01")));
    BOOST_TEST(*next_after(Date{at("2020-01-01"), 0}, at("2020-01-01") - 1) == at("2020-01-01"));
}

BOOST_AUTO_TEST_CASE(the_ends_of_time_do_no_harm) {
    constexpr Micros kMin = std::numeric_limits<Micros>::min();
    constexpr Micros kMax = std::numeric_limits<Micros>::max();
    const Trigger every_second = make_cron({}, {}, {});
    BOOST_TEST(*next_after(every_second, kMin) == 0);
    BOOST_TEST(*next_after(every_second, at("9999-12-31T23:59:58Z")) == at("9999-12-31T23:59:59Z"));
    for (const Micros after : {at("9999-12-31T23:59:59Z"), at("9999-12-31T23:59:59.999999Z"), kMax})
        BOOST_TEST(!next_after(every_second, after));
    BOOST_TEST(!next_after(make_cron({}, kMax, {}), 0));

    const Trigger interval = Interval{.every = kMax, .start = at("2026-01-01"), .end = {}, .offset_seconds = 0};
    BOOST_TEST(*next_after(interval, kMin) == at("2026-01-01"));
    BOOST_TEST(!next_after(interval, at("2026-01-01")));
    BOOST_TEST(!next_after(interval, kMax));
    BOOST_TEST(fires_between(interval, kMin, kMax).count == 1);
}

BOOST_AUTO_TEST_CASE(a_rare_date_is_found_quickly) {
    Expressions given;
    given[1] = "2";
    given[2] = "29";
    given[4] = "mon";
    const Trigger cron = make_cron(given, {}, {});
    Micros after = at("2026-11-21");
    int count = 0;
    while (const auto next = next_after(cron, after)) {
        BOOST_REQUIRE(*next > after);
        after = *next;
        ++count;
    }
    BOOST_TEST(count == 299);  // counted with Python's calendar
}

BOOST_AUTO_TEST_CASE(an_interval_keeps_the_rate_of_its_start) {
    const Micros start = at("2026-11-21T00:00:00.5Z");
    const Trigger interval =
        Interval{.every = 10 * kSecond, .start = start, .end = start + 35 * kSecond, .offset_seconds = 0};
    BOOST_TEST(*next_after(interval, start - 1'000 * kSecond) == start);
    BOOST_TEST(*next_after(interval, start - 1) == start);
    BOOST_TEST(*next_after(interval, start) == start + 10 * kSecond);
    BOOST_TEST(*next_after(interval, start + 10 * kSecond - 1) == start + 10 * kSecond);
    BOOST_TEST(*next_after(interval, start + 29 * kSecond) == start + 30 * kSecond);
    BOOST_TEST(!next_after(interval, start + 30 * kSecond));
}

BOOST_AUTO_TEST_CASE(the_last_fire_before_an_instant_is_the_one_whose_next_is_not_before_it) {
    constexpr Micros base = 1'800'000'000 * kSecond;
    const Trigger date = Date{base, 0};
    BOOST_TEST(last_before(date, base + 1).value() == base);
    BOOST_TEST(!last_before(date, base).has_value());
    BOOST_TEST(!last_before(None{}, base).has_value());
    const Trigger odd = Interval{7'000'001, base, base + 100 * kSecond, 0};
    BOOST_TEST(!last_before(odd, base).has_value());
    BOOST_TEST(last_before(odd, base + 1).value() == base);
    BOOST_TEST(last_before(odd, base + 14'000'002).value() == base + 7'000'001);
    BOOST_TEST(last_before(odd, base + 1'000'000 * kSecond).value() == base + 14 * 7'000'001LL);
    const std::array<std::optional<std::string>, kFieldCount> leap{std::nullopt, "2", "29"};
    const Trigger rare = make_cron(leap, std::nullopt, std::nullopt);
    const Micros found = last_before(rare, base).value();
    BOOST_TEST(iso_time(found) == "2024-02-29T00:00:00+00:00");
    BOOST_TEST(next_after(rare, found - 1).value() == found);
}

BOOST_AUTO_TEST_SUITE_END()
