#include "base/json.hpp"
#include "trigger/describe.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::trigger;

namespace {

constexpr Micros kNow = 1'800'000'000 * kSecond;

Shared shared(Rule rule) { return {.schedule = 7, .rev = 3, .rule = std::move(rule)}; }
Cron nightly() { return make_crontab("30 2 * * *", {}, {}, find_zone("Europe/Berlin").value()); }

}  // namespace

BOOST_AUTO_TEST_SUITE(shared_schedule)

BOOST_AUTO_TEST_CASE(it_fires_as_its_rule_does) {
    const Interval minutely{.every = 60 * kSecond, .start = kNow, .end = {}};
    const std::vector<Rule> rules{Date{kNow + kSecond}, minutely, nightly(), make_any({minutely, nightly()})};
    for (const Rule& rule : rules) {
        const Trigger by_schedule = shared(rule), by_itself = own(rule);
        BOOST_TEST(next_after(by_schedule, kNow).value() == next_after(by_itself, kNow).value());
        const Fires one = fires_between(by_schedule, kNow, kNow + 86'400 * kSecond);
        const Fires other = fires_between(by_itself, kNow, kNow + 86'400 * kSecond);
        BOOST_TEST(one.count == other.count);
        BOOST_TEST(one.last == other.last);
        BOOST_TEST(shown_offset(by_schedule, kNow) == shown_offset(by_itself, kNow));
        BOOST_TEST(zoned(by_schedule) == zoned(by_itself));
        BOOST_TEST(warnings(by_schedule, kNow, kNow + 400 * 86'400 * kSecond) ==
                   warnings(by_itself, kNow, kNow + 400 * 86'400 * kSecond));
        BOOST_TEST(describe(by_schedule) == describe(by_itself) + " (schedule 7)");
        BOOST_TEST((rule_of(by_schedule) == rule_of(by_itself)));
        BOOST_TEST((from_json(json::parse(to_json(by_schedule))) == by_schedule));
    }
}

BOOST_AUTO_TEST_CASE(a_stored_one_without_a_rule_is_corrupt) {
    for (const char* text :
         {R"({"type":"schedule","schedule":7,"rev":3})",
          R"({"type":"schedule","schedule":7,"rev":3,"rule":{"type":"none"}})",
          R"({"type":"schedule","schedule":7,"rev":0,"rule":{"type":"date","at":1}})",
          R"({"type":"schedule","rev":1,"rule":{"type":"date","at":1}})",
          R"({"type":"schedule","schedule":7,"rev":1,"rule":{"type":"schedule","schedule":8,"rev":1,)"
          R"("rule":{"type":"date","at":1}}})"}) {
        BOOST_CHECK_THROW(from_json(json::parse(text)), std::runtime_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
