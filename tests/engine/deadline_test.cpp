#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

constexpr Micros kDeadline = 10 * kSecond;

std::function<void(Definition&)> with(Micros timeout, int retries = 0, Micros delay = kSecond) {
    return [=](Definition& def) {
        def.deadline = kDeadline;
        def.timeout = timeout;
        def.retry = {.max_retries = retries, .delay = delay, .factor = 1, .max_delay = delay};
    };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(deadline_suite, EngineFixture)

BOOST_AUTO_TEST_CASE(an_attempt_may_take_no_longer_than_what_is_left) {
    add("short", at(clock.now()), with(2 * kSecond));
    add("long", at(clock.now()), with(60 * kSecond));
    add("none", at(clock.now()), with(0));
    clock.advance(3 * kSecond);
    settle();
    BOOST_REQUIRE(runner.with_worker.size() == 3U);
    for (const auto& order : runner.with_worker) {
        BOOST_TEST(order.timeout == (order.assigned.job_id == "short" ? 2 : 7) * kSecond);
    }
}

BOOST_AUTO_TEST_CASE(a_run_that_its_deadline_ended_says_so_and_one_that_was_only_slow_does_not) {
    add("job", at(clock.now()), with(3 * kSecond, 5));
    Verdict late{RunState::timeout, Outcome::failed, "timeout", "too slow", "null", 0};
    for (int i = 0; i < 2; ++i) {
        settle();
        BOOST_REQUIRE(runner.with_worker.size() == 1U);
        clock.advance(3 * kSecond);
        runner.end(clock, late);
        settle();
        BOOST_TEST(runs().at(1).reason == "timeout");  // behind the retry that waits
        clock.advance(2 * kSecond);
    }
    settle();  // the third was planned for 9 s, and nobody came before 10 s
    BOOST_REQUIRE(runs().size() == 3U);
    BOOST_TEST(runs().at(0).reason == "deadline");
    BOOST_TEST(!runs().at(0).started);
}

BOOST_AUTO_TEST_CASE(no_retry_is_planned_that_would_begin_after_the_deadline) {
    add("in_time", at(clock.now()), with(0, 5, 8 * kSecond));
    add("too_late", at(clock.now()), with(0, 5, 11 * kSecond));
    settle();
    while (!runner.with_worker.empty()) runner.end(clock, failure());
    settle();
    int waiting = 0;
    for (const auto& run : runs()) waiting += run.state == RunState::waiting ? 1 : 0;
    BOOST_TEST(runs().size() == 3U);
    BOOST_TEST(waiting == 1);
}

BOOST_AUTO_TEST_CASE(the_last_attempt_ends_at_the_deadline_and_so_does_a_snooze) {
    add("job", at(clock.now()), with(0, 5));
    settle();
    clock.advance(5 * kSecond);
    runner.end(clock, failure());
    settle();
    clock.advance(2 * kSecond);
    settle();
    BOOST_REQUIRE(runner.with_worker.size() == 1U);
    BOOST_TEST(runner.with_worker.front().timeout == 3 * kSecond);
    clock.advance(3 * kSecond);
    runner.end(clock, {RunState::timeout, Outcome::failed, "timeout", "too slow", "null", 0});
    settle();
    BOOST_TEST(runs().size() == 2U);
    BOOST_TEST((runs().at(0).state == RunState::timeout));
    BOOST_TEST(runs().at(0).reason == "deadline");

    add("snoozes", at(clock.now()), with(0));
    settle();
    runner.end(clock, {RunState::stopped, Outcome::snoozed, "snoozed", "later", "null", 20 * kSecond});
    settle();
    BOOST_TEST(runs().size() == 3U);
    BOOST_TEST(runs().at(0).reason == "snoozed");
    BOOST_TEST(!engine.next_wake());
}

BOOST_AUTO_TEST_SUITE_END()
