// Random crons in zones around changes of the clock, against the slow definition: look at each second.
#include "base/error.hpp"
#include "base/time_text.hpp"
#include "unit/trigger/check_fires.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::trigger;
using foliot::testing::BruteCron;
using foliot::testing::check_fires;
using foliot::testing::Expressions;
using foliot::testing::RandomCron;

namespace {

constexpr std::int64_t kDaySeconds = 86'400;

struct Change {
    const char *zone, *at;
};
/// Of all kinds: an hour, half of one, two, at midnight, a day that never was, and none.
const Change kChanges[]{
    {"Europe/Berlin", "2026-03-29T01:00:00Z"},       {"Europe/Berlin", "2026-10-25T01:00:00Z"},
    {"America/New_York", "2027-03-14T07:00:00Z"},    {"America/New_York", "2027-11-07T06:00:00Z"},
    {"Europe/London", "2036-03-30T01:00:00Z"},       {"Australia/Lord_Howe", "2026-10-03T15:30:00Z"},
    {"Australia/Lord_Howe", "2026-04-04T15:00:00Z"}, {"America/Santiago", "2026-09-06T04:00:00Z"},
    {"America/Santiago", "2026-04-05T03:00:00Z"},    {"America/Sao_Paulo", "2017-10-15T03:00:00Z"},
    {"Pacific/Apia", "2011-12-30T10:00:00Z"},        {"Antarctica/Troll", "2026-03-29T01:00:00Z"},
    {"Antarctica/Troll", "2026-10-25T01:00:00Z"},    {"Africa/Casablanca", "2026-02-15T02:00:00Z"},
    {"Africa/Casablanca", "2026-03-22T02:00:00Z"},   {"Europe/Berlin", "2042-03-30T01:00:00Z"},
    {"Pacific/Kwajalein", "1993-08-21T12:00:00Z"},   {"Asia/Kolkata", "2026-03-29T01:00:00Z"}};

bool has_star(const Expressions& given, Field field) {
    const auto i = static_cast<std::size_t>(field);
    if (given[i]) return given[i]->find('*') != std::string::npos;
    return std::any_of(given.begin() + static_cast<std::ptrdiff_t>(i), given.end(),
                       [](const auto& e) { return !!e; }) ||
           std::none_of(given.begin(), given.end(), [](const auto& e) { return !!e; });
}

/// The fires in (after, until], both whole seconds, second by second: each has local times that it shows for the first
/// time, several when a clock jumps.
std::vector<Micros> slow(const Expressions& given, const Zone& zone, Micros after, Micros until) {
    const BruteCron brute(given);
    const auto matches = [&](std::int64_t local) {
        const std::int64_t day = local / kDaySeconds;
        return brute.second_matches(static_cast<std::size_t>(local % kDaySeconds)) &&
               brute.date_matches(std::chrono::sys_days{std::chrono::days{day}});
    };
    const bool fixed = !has_star(given, Field::hour) && !has_star(given, Field::minute);
    const auto local_at = [&](Micros at) { return (at + zone.at(at).offset) / kSecond; };
    std::int64_t seen = 0;
    for (Micros at = after - 3 * kDaySeconds * kSecond; at <= after; at += kSecond) seen = std::max(seen, local_at(at));
    std::vector<Micros> fires;
    for (Micros at = after + kSecond; at <= until; at += kSecond) {
        const std::int64_t local = local_at(at);
        bool fire = !fixed && matches(local);
        for (std::int64_t fresh = seen + 1; fixed && !fire && fresh <= local; ++fresh) fire = matches(fresh);
        if (fire) fires.push_back(at);
        seen = std::max(seen, local);
    }
    return fires;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zoned_random)

BOOST_AUTO_TEST_CASE(fires_in_zones_are_those_that_the_slow_definition_finds) {
    RandomCron random(20380119);
    int fired = 0;
    for (int round = 0; round < 360; ++round) {
        const Change& change = kChanges[static_cast<std::size_t>(round) % std::size(kChanges)];
        auto given = random.next();
        given[0].reset();
        if (random.chance(70)) given[1].reset();
        if (random.chance(50)) given[2].reset();
        if (random.chance(90)) given[3].reset();
        const ZonePtr zone = find_zone(change.zone).value();
        const Micros middle = parse_time(change.at).value().at;
        const Micros from = middle - random.pick(0, 86'400) * kSecond;
        const Micros until = middle + random.pick(0, 86'400) * kSecond;
        try {
            const Trigger cron = make_cron(given, {}, {}, zone);
            const auto expected = slow(given, *zone, from, until);
            BOOST_TEST_CONTEXT(to_json(cron) << " from " << iso_time(from) << " to " << iso_time(until)) {
                check_fires(cron, expected, from, until, random);
                Micros after = from;
                for (std::size_t i = 0; i < std::min(expected.size(), std::size_t{40}); ++i, after = expected[i - 1])
                    BOOST_REQUIRE(next_after(cron, after).value() == expected[i]);
            }
            fired += expected.empty() ? 0 : 1;
        } catch (const RequestError&) {}
    }
    BOOST_TEST(fired > 150);
}

BOOST_AUTO_TEST_CASE(next_rises_and_ends_whatever_the_zone_and_the_pattern) {
    RandomCron random(9999);
    for (int round = 0; round < 600; ++round) {
        const Change& change = kChanges[static_cast<std::size_t>(round) % std::size(kChanges)];
        try {
            const Trigger cron = make_cron(random.next(), {}, {}, find_zone(change.zone).value());
            Micros after = parse_time(random.chance(50) ? change.at : "2016-01-01").value().at;
            for (int i = 0; i < 50; ++i) {
                const auto next = next_after(cron, after);
                if (!next) break;
                BOOST_REQUIRE(*next > after);
                after = *next;
            }
        } catch (const RequestError&) {}
    }
}

BOOST_AUTO_TEST_SUITE_END()
