// Unions: fires of any of several triggers.
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "unit/trigger/check_fires.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::trigger;
using foliot::testing::RandomCron;

namespace {

Micros at(std::string_view text) { return parse_time(text).value().at; }

/// All fires of its triggers, sorted, each once.
std::vector<Micros> slow(const Any& any, Micros after, Micros until) {
    std::vector<Micros> all;
    for (const Single& single : any.of) {
        const auto fires = std::visit([&](const auto& t) { return newest_fires(t, after, until, 1'000'000); }, single);
        all.insert(all.end(), fires.begin(), fires.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(any)

BOOST_AUTO_TEST_CASE(an_instant_of_several_counts_once) {
    const Trigger trigger = make_any({make_crontab("0 8 * * mon-fri", {}, {}),
                                      make_crontab("0 8,10 * * sat,fri", {}, {}), Date{at("2026-11-21T10:00:00Z"), 0}});
    std::vector<std::string> found;
    for (Micros t = at("2026-11-20T00:00:00Z"); found.size() < 5;) {
        t = next_after(trigger, t).value();
        found.push_back(iso_time(t).substr(5, 11));
    }
    BOOST_TEST(found ==
               (std::vector<std::string>{"11-20T08:00", "11-20T10:00", "11-21T08:00", "11-21T10:00", "11-23T08:00"}));
}

BOOST_AUTO_TEST_CASE(fires_are_those_of_all_its_triggers) {
    RandomCron random(7);
    const ZonePtr berlin = find_zone("Europe/Berlin").value();
    int checked = 0;
    for (int round = 0; round < 60; ++round) {
        const Micros from = at("2026-03-01") + random.pick(0, 300 * 86'400) * kSecond;
        const Micros until = from + random.pick(1, 2 * 86'400) * kSecond;
        std::vector<Single> of;
        while (of.size() < 3) {
            try {
                of.emplace_back(make_cron(random.next(), {}, {}, random.chance(50) ? berlin : nullptr));
            } catch (const RequestError&) {}
        }
        of.emplace_back(Interval{.every = random.pick(1, 7'000) * kSecond, .start = from, .end = {}});
        const Any any = make_any(of);
        const auto expected = slow(any, from, until);
        foliot::testing::check_fires(any, expected, from, until, random);
        checked += expected.size() > 1 ? 1 : 0;
        BOOST_CHECK(from_json(json::parse(to_json(any))) == Trigger(any));
    }
    BOOST_TEST(checked > 30);
}

BOOST_AUTO_TEST_CASE(none_too_many_and_too_fast_ones_are_refused) {
    BOOST_CHECK_THROW(make_any({}), RequestError);
    BOOST_CHECK_THROW(make_any(std::vector<Single>(9, Date{0, 0})), RequestError);
    BOOST_CHECK_THROW(make_any({Interval{.every = kSecond - 1, .start = 0, .end = {}}}), RequestError);
    BOOST_CHECK_NO_THROW(make_any(std::vector<Single>(8, Date{0, 0})));
}

BOOST_AUTO_TEST_SUITE_END()
