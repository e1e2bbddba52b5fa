#include "base/json.hpp"
#include "base/time_text.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace foliot;
using namespace foliot::trigger;

namespace {

Micros at(std::string_view text) { return parse_time(text).value().at; }

std::vector<Micros> listed(const Trigger& trigger, Micros after, Micros until) {
    std::vector<Micros> all;
    while (const auto next = next_after(trigger, after)) {
        if (*next > until) break;
        all.push_back(*next);
        after = *next;
    }
    return all;
}

void check_range(const Trigger& trigger, Micros after, Micros until, std::int64_t n) {
    const auto all = listed(trigger, after, until);
    const Fires fires = fires_between(trigger, after, until);
    BOOST_REQUIRE(fires.count == static_cast<std::int64_t>(all.size()));
    const auto newest = newest_fires(trigger, after, until, n);
    BOOST_REQUIRE(newest.size() == std::min(static_cast<std::size_t>(n), all.size()));
    BOOST_REQUIRE(std::equal(newest.rbegin(), newest.rend(), all.rbegin()));
    if (all.empty()) return;
    BOOST_REQUIRE(fires.first == all.front());
    BOOST_REQUIRE(fires.last == all.back());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fires_suite)

BOOST_AUTO_TEST_CASE(counted_fires_are_those_that_stepping_finds) {
    std::mt19937_64 random(7);
    const auto pick = [&](Micros low, Micros high) { return std::uniform_int_distribution<Micros>(low, high)(random); };
    const Micros base = at("2026-11-21");
    for (int i = 0; i < 5'000; ++i) {
        Interval interval{.every = pick(1, 30), .start = base + pick(-200, 200), .end = {}, .offset_seconds = 0};
        if (pick(0, 2) == 0) interval.end = base + pick(-200, 300);
        const Micros after = base + pick(-300, 300);
        check_range(interval, after, after + pick(-10, 400), pick(0, 12));
    }
    std::array<std::optional<std::string>, kFieldCount> given;
    given[6] = "*/7";
    given[7] = "5,6,50";
    const Trigger cron = make_cron(given, {}, base + 9'000 * kSecond);
    for (int i = 0; i < 300; ++i) {
        const Micros after = base + pick(-3'600 * kSecond, 9'000 * kSecond);
        check_range(cron, after, after + pick(0, 7'200 * kSecond), pick(0, 12));
    }
    check_range(Date{base, 0}, base - 1, base, 3);
    check_range(Date{base, 0}, base, base + 1, 3);
    check_range(None{}, 0, base, 3);
}

BOOST_AUTO_TEST_CASE(a_year_of_seconds_is_counted_at_once_for_an_interval) {
    const Micros base = at("2026-01-01");
    const Trigger interval = Interval{.every = kSecond, .start = base, .end = {}, .offset_seconds = 0};
    const Fires fires = fires_between(interval, base, at("2027-01-01"));
    BOOST_TEST(fires.count == 365 * 86'400);
    BOOST_TEST(fires.first == base + kSecond);
    BOOST_TEST(fires.last == at("2027-01-01"));
}

BOOST_AUTO_TEST_CASE(every_trigger_survives_its_stored_form) {
    std::array<std::optional<std::string>, kFieldCount> given;
    given[2] = "last fri,1st mon";
    given[5] = "5";
    Cron cron = make_cron(given, at("2026-01-01"), at("2027-01-01"));
    cron.offset_seconds = 7'200;
    cron.end_offset_seconds = -60;
    const std::vector<std::pair<Trigger, std::string>> table{
        {None{}, R"({"type":"none"})"},
        {Date{5, -3'600}, R"({"type":"date","at":5,"offset":-3600})"},
        {Interval{.every = 1, .start = -2, .end = 3, .offset_seconds = 0},
         R"({"type":"interval","every":1,"start":-2,"end":3})"},
        {cron,
         R"({"type":"cron","day":"last fri,1st mon","hour":"5","start":1767225600000000,"end":1798761600000000,"offset":7200,"end_offset":-60})"},
        {Interval{.every = 1, .start = 2, .end = {}, .end_offset_seconds = 60, .written_start = Written{-4, 3'600}},
         R"({"type":"interval","every":1,"start":2,"end_offset":60,"written_start":-4,"written_offset":3600})"},
        {Interval{.every = 1, .start = 2, .end = {}, .start_defaulted = true},
         R"({"type":"interval","every":1,"start":2,"start_defaulted":true})"},
        {Date{5, 0, Written{7, 60}}, R"({"type":"date","at":5,"written_date":7,"written_offset":60})"},
        {make_cron({}, {}, {}), R"({"type":"cron"})"}};
    for (const auto& [trigger, text] : table) {
        BOOST_TEST(to_json(trigger) == text);
        BOOST_TEST((from_json(json::parse(text)) == trigger));
    }
    const auto* back = std::get_if<Cron>(&table[3].first);
    BOOST_TEST(back->last_weekdays[4]);
}

BOOST_AUTO_TEST_CASE(what_was_not_stored_by_us_is_refused) {
    for (const std::string_view text :
         {"[]", "{}", R"({"type":"week"})", R"({"type":1})", R"({"type":"none","at":1})", R"({"type":"date"})",
          R"({"type":"date","at":"1"})", R"({"type":"date","at":9223372036854775807})",
          R"({"type":"interval","every":0,"start":0})", R"({"type":"interval","every":-1,"start":0})",
          R"({"type":"interval","every":1})", R"({"type":"cron","hour":"25"})", R"({"type":"cron","hour":5})",
          R"({"type":"cron","month":"2","day":"30"})", R"({"type":"date","at":1,"offset":86400})",
          R"({"type":"interval","every":1,"start":0,"written_offset":3600})",
          R"({"type":"interval","every":1,"start":0,"start_defaulted":1})",
          R"({"type":"date","at":1,"written_start":1})"}) {
        BOOST_CHECK_THROW(from_json(json::parse(text)), std::runtime_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
