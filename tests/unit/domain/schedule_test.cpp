#include "domain/schedule.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using trigger::Date;
using trigger::Interval;

namespace {

constexpr Micros kNow = 1'800'000'000 * kSecond;

Schedule schedule(trigger::Rule rule, bool once) { return {.id = 5, .rev = 2, .once = once, .rule = std::move(rule)}; }
Interval every_minute() { return {.every = 60 * kSecond, .start = kNow - 90 * kSecond, .end = {}}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(schedule_use)

BOOST_AUTO_TEST_CASE(jobs_of_a_repeating_schedule_share_its_grid) {
    const auto used = used_from(schedule(every_minute(), false), kNow);
    BOOST_TEST((used == trigger::Shared{5, 2, every_minute()}));
}

BOOST_AUTO_TEST_CASE(once_is_one_fire_of_each_job_a_period_after_it_began_or_at_the_next_match) {
    BOOST_TEST((used_from(schedule(every_minute(), true), kNow).rule == trigger::Rule(Date{kNow + 60 * kSecond})));
    const auto cron = trigger::make_crontab("0 * * * *", {}, {});
    const Micros next = trigger::next_after(cron, kNow).value();
    BOOST_TEST((used_from(schedule(cron, true), kNow).rule == trigger::Rule(Date{next})));
    BOOST_TEST((used_from(schedule(Date{kNow - 1}, true), kNow).rule == trigger::Rule(Date{kNow - 1})));
}

BOOST_AUTO_TEST_CASE(a_cron_that_is_over_stays_what_it_is) {
    const auto over = trigger::make_crontab("0 * * * *", {}, kNow - kSecond);
    BOOST_TEST((used_from(schedule(over, true), kNow).rule == trigger::Rule(over)));
}

BOOST_AUTO_TEST_CASE(what_is_stored_is_read_back_and_what_is_not_ours_is_corrupt) {
    const Schedule before = schedule(every_minute(), true);
    Schedule after = schedule({}, false);
    read_json(to_json(before), after);
    BOOST_TEST((after == before));
    for (const char* text :
         {"{}", R"({"once":true})", R"({"once":1,"rule":{"type":"date","at":1}})",
          R"({"once":true,"rule":{"type":"none"}})", R"({"once":true,"rule":{"type":"date","at":1},"more":1})"}) {
        BOOST_CHECK_THROW(read_json(text, after), std::runtime_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
