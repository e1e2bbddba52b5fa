#include "domain/execution.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace foliot;

namespace {

constexpr Micros kNow = 1'000'000 * kSecond;
const RetryPolicy kPolicy{.max_retries = 3, .delay = 10 * kSecond, .factor = 2, .max_delay = 30 * kSecond};

Verdict verdict(RunState state, Outcome outcome, const std::string& reason = "", Micros delay = 0) {
    Verdict v;
    v.state = state;
    v.outcome = outcome;
    v.reason = reason;
    v.delay = delay;
    return v;
}

std::optional<Micros> wait_of(const Verdict& v, int attempt, double random = 0) {
    const auto next = next_attempt(kPolicy, v, attempt, kNow, random);
    return next ? std::optional(next->due - kNow) : std::nullopt;
}

const Verdict kFailed = verdict(RunState::failed, Outcome::failed, "exited:1");

}  // namespace

BOOST_AUTO_TEST_SUITE(execution_suite)

BOOST_AUTO_TEST_CASE(a_retry_waits_twice_as_long_after_each_failure_up_to_the_cap) {
    BOOST_TEST(wait_of(kFailed, 1).value() == 10 * kSecond);
    BOOST_TEST(wait_of(kFailed, 2).value() == 20 * kSecond);
    BOOST_TEST(wait_of(kFailed, 3).value() == 30 * kSecond);
    BOOST_TEST(!wait_of(kFailed, 4));
    BOOST_TEST(wait_of(kFailed, 1, 0.5).value() == 10'500 * kMillisecond);
    BOOST_TEST(next_attempt(kPolicy, kFailed, 1, kNow, 0)->counts);
    BOOST_TEST(wait_of(verdict(RunState::timeout, Outcome::cancelled, "timeout"), 1).value() == 10 * kSecond);
    BOOST_TEST(wait_of(verdict(RunState::failed, Outcome::failed, "crashed:SIGSEGV"), 1).value() == 10 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_job_that_names_its_own_delay_gets_it_while_retries_are_left) {
    const Verdict v = verdict(RunState::failed, Outcome::retry_after, "", 99 * kSecond);
    BOOST_TEST(wait_of(v, 3, 0.9).value() == 99 * kSecond);
    BOOST_TEST(next_attempt(kPolicy, v, 1, kNow, 0)->counts);
    BOOST_TEST(!wait_of(v, 4));
}

BOOST_AUTO_TEST_CASE(snoozed_and_interrupted_runs_go_again_without_counting) {
    const Verdict snoozed = verdict(RunState::stopped, Outcome::snoozed, "snoozed", 5 * kSecond);
    const auto next = next_attempt(RetryPolicy{}, snoozed, 1, kNow, 0);
    BOOST_REQUIRE(next);
    BOOST_TEST(next->due == kNow + 5 * kSecond);
    BOOST_TEST(!next->counts);
    const auto again =
        next_attempt(RetryPolicy{}, verdict(RunState::stopped, Outcome::cancelled, "interrupted"), 9, kNow, 0);
    BOOST_REQUIRE(again);
    BOOST_TEST(again->due == kNow);
    BOOST_TEST(!again->counts);
}

BOOST_AUTO_TEST_CASE(success_a_stop_and_a_final_failure_have_no_next_attempt) {
    BOOST_TEST(!wait_of(verdict(RunState::succeeded, Outcome::ok), 1));
    BOOST_TEST(!wait_of(verdict(RunState::failed, Outcome::failed_for_good), 1));
    BOOST_TEST(!wait_of(verdict(RunState::stopped, Outcome::cancelled, "user"), 1));
    BOOST_TEST(!wait_of(verdict(RunState::error, Outcome::failed, "unresolved"), 1));
    BOOST_TEST(!next_attempt(RetryPolicy{}, kFailed, 1, kNow, 0));
}

BOOST_AUTO_TEST_CASE(absurd_delays_do_not_overflow) {
    constexpr Micros kHuge = std::numeric_limits<Micros>::max();
    const RetryPolicy policy{.max_retries = 5'000, .delay = kHuge, .factor = 1e300, .max_delay = kHuge};
    BOOST_TEST(next_attempt(policy, kFailed, 4'000, kNow, 0.99)->due > kNow);
    const RetryPolicy at_once{.max_retries = 5'000, .delay = 0, .factor = 1e300, .max_delay = kHuge};
    BOOST_TEST(next_attempt(at_once, kFailed, 4'000, kNow, 0.99)->due == kNow);
    BOOST_TEST(next_attempt(policy, verdict(RunState::stopped, Outcome::snoozed, "", kHuge), 1, kNow, 0)->due > kNow);
    BOOST_TEST(next_attempt(policy, verdict(RunState::stopped, Outcome::snoozed, "", -5), 1, kNow, 0)->due ==
               kNow + kSecond);
}

BOOST_AUTO_TEST_CASE(a_snooze_lasts_a_second_at_least_and_says_so_of_itself) {
    const auto next = next_attempt(RetryPolicy{}, verdict(RunState::stopped, Outcome::snoozed, "snoozed"), 1, kNow, 0);
    BOOST_TEST(next->due == kNow + kSecond);
    BOOST_TEST(next->snoozed);
    BOOST_TEST(!next_attempt(kPolicy, kFailed, 1, kNow, 0)->snoozed);
}

BOOST_AUTO_TEST_CASE(a_run_that_does_nothing_but_snooze_fails_in_the_end) {
    Verdict v = verdict(RunState::stopped, Outcome::snoozed, "snoozed");
    cap_snoozes(v, kMostSnoozes - 1);
    BOOST_TEST((v.state == RunState::stopped));
    cap_snoozes(v, kMostSnoozes);
    BOOST_TEST((v.state == RunState::failed));
    BOOST_TEST(v.reason == "snoozed_too_often");
    BOOST_TEST(next_attempt(kPolicy, v, 1, kNow, 0)->counts);
    Verdict other = kFailed;
    cap_snoozes(other, kMostSnoozes);
    BOOST_TEST(other.reason == kFailed.reason);
}

BOOST_AUTO_TEST_CASE(the_wire_knows_ten_states) {
    for (const RunState s : {RunState::waiting, RunState::blocked, RunState::ready, RunState::assigned})
        BOOST_TEST(wire_name(s) == "scheduled");
    BOOST_TEST(wire_name(RunState::error) == "scheduled error");
    BOOST_TEST(wire_name(RunState::stopping) == "stopping");
    BOOST_TEST(wire_name(RunState::timeout) == "timeout");
    BOOST_TEST(wire_name(RunState::missed) == "missed");
    BOOST_TEST(wire_name(Origin::manual) == "manual");
}

BOOST_AUTO_TEST_CASE(no_attempt_begins_at_or_after_the_deadline) {
    const NextAttempt next{.due = 100, .counts = true};
    BOOST_TEST(within(next, 101).has_value());
    BOOST_TEST(!within(next, 100));
    BOOST_TEST(within(next, 0).has_value());
    BOOST_TEST(!within(std::nullopt, 101));
}

BOOST_AUTO_TEST_SUITE_END()
