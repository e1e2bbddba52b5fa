#include "engine/fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace foliot::testing {
namespace {

BOOST_FIXTURE_TEST_SUITE(engine, EngineFixture)

BOOST_AUTO_TEST_CASE(a_due_job_is_dispatched_and_its_success_recorded) {
    add("job", every(10 * kSecond), [](Definition& def) { def.kwargs = R"({"a":1.0})"; });
    clock.advance(10 * kSecond);
    settle();
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    const auto& order = runner.with_worker.front();
    BOOST_TEST(order.assigned.job_id == "job");
    BOOST_TEST(order.assigned.def->kwargs == R"({"a":1.0})");
    BOOST_TEST(order.assigned.nominal == clock.now());
    BOOST_TEST(order.execution_id == store->public_ids().hex(raw(order.assigned.run)));

    runner.end(clock, success(R"({"x": 1.0})"));
    settle();
    BOOST_REQUIRE_EQUAL(runs().size(), 1U);
    BOOST_TEST(wire_name(runs()[0].state) == "succeeded");
    BOOST_TEST(runs()[0].result.value() == R"({"x": 1.0})");
    BOOST_TEST(runs()[0].fires == 1);
}

BOOST_AUTO_TEST_CASE(nothing_happens_before_the_due_time_and_the_engine_knows_when_to_wake) {
    add("job", every(10 * kSecond));
    clock.advance(10 * kSecond - 1);
    settle();
    BOOST_TEST(runner.with_worker.empty());
    BOOST_TEST(engine.next_wake().value() == clock.now() + 1);
}

BOOST_AUTO_TEST_CASE(without_jobs_nothing_wakes_the_engine) {
    settle();
    BOOST_TEST(!engine.next_wake());
}

BOOST_AUTO_TEST_CASE(a_failed_run_with_retries_left_runs_again_after_its_delay) {
    add("job", at(clock.now() + kSecond),
        [](Definition& def) { def.retry = {.max_retries = 1, .delay = 60 * kSecond}; });
    clock.advance(kSecond);
    settle();
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    BOOST_TEST(runner.with_worker.front().max_attempts == 2);
    const RunId first = runner.with_worker.front().assigned.run;
    runner.end(clock, failure());
    settle();
    BOOST_TEST(runner.with_worker.empty(), "the delay has not passed");
    clock.set_wall(engine.next_wake().value());
    settle();
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    BOOST_TEST(runner.with_worker.front().assigned.attempt == 2);
    runner.end(clock, failure());
    settle();
    clock.advance(3600 * kSecond);
    settle();
    BOOST_TEST(runner.with_worker.empty(), "no retries are left");
    BOOST_REQUIRE_EQUAL(runs().size(), 2U);
    BOOST_TEST((runs()[0].parent == first));
    BOOST_TEST(runs()[0].fires == 0);
}

BOOST_AUTO_TEST_CASE(a_run_that_does_nothing_but_snooze_fails_after_a_thousand) {
    add("j", at(clock.now()), [](Definition& def) { def.deadline = 86'400 * kSecond; });
    const Micros begin = clock.now();
    settle();
    for (int i = 0; i <= kMostSnoozes; ++i) {
        BOOST_REQUIRE(runner.with_worker.size() == 1U);
        BOOST_REQUIRE(runner.with_worker.front().assigned.snoozes == i);
        BOOST_REQUIRE(runner.with_worker.front().assigned.deadline == begin + 86'400 * kSecond);
        runner.end(clock, {RunState::stopped, Outcome::snoozed, "snoozed", "", "null", 0});
        settle();
        BOOST_REQUIRE(runner.with_worker.empty());
        clock.advance(kSecond);
        settle();
    }
    BOOST_TEST(runner.with_worker.empty());
    BOOST_TEST((runs().at(0).state == RunState::failed));
    BOOST_TEST(runs().at(0).reason == "snoozed_too_often");
    BOOST_TEST(runs().at(0).attempt == 1);
}

BOOST_AUTO_TEST_CASE(only_snoozes_in_a_row_are_counted) {
    add("j", at(clock.now()), [](Definition& def) { def.retry = {3, kSecond, 1, kSecond}; });
    settle();
    const auto end = [&](const Verdict& verdict) {
        runner.end(clock, verdict);
        settle();
        clock.advance(10 * kSecond);
        settle();
        return runner.with_worker.front().assigned.snoozes;
    };
    const Verdict snooze{RunState::stopped, Outcome::snoozed, "snoozed", "", "null", 0};
    BOOST_TEST(end(snooze) == 1);
    BOOST_TEST(end(snooze) == 2);
    BOOST_TEST(end({RunState::stopped, Outcome::cancelled, "interrupted", "", "null", 0}) == 2);
    BOOST_TEST(end(snooze) == 3);
    BOOST_TEST(end(failure()) == 0);
    BOOST_TEST(end(snooze) == 1);
}

BOOST_AUTO_TEST_CASE(a_snoozed_run_comes_again_as_the_same_attempt) {
    add("job", at(clock.now() + kSecond));
    clock.advance(kSecond);
    settle();
    runner.end(clock, {RunState::stopped, Outcome::snoozed, "snoozed", "", "null", 600 * kSecond});
    settle();
    clock.advance(599 * kSecond);
    settle();
    BOOST_TEST(runner.with_worker.empty());
    clock.advance(kSecond);
    settle();
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    BOOST_TEST(runner.with_worker.front().assigned.attempt == 1);
}

BOOST_AUTO_TEST_CASE(a_job_whose_function_is_gone_ends_as_scheduled_error_and_hurts_no_other) {
    add("gone", at(clock.now() + kSecond), [](Definition& def) { def.func = {"nowhere", "f"}; });
    add("fine", at(clock.now() + kSecond));
    clock.advance(kSecond);
    settle();
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    BOOST_TEST(runner.with_worker.front().assigned.job_id == "fine");
    runner.end(clock, success());
    settle();
    for (const auto& run : runs()) {
        if (run.job_id != "gone") continue;
        BOOST_TEST(wire_name(run.state) == "scheduled error");
        BOOST_TEST(run.reason == "unresolved");
        BOOST_TEST(run.error == "no module 'nowhere'");
    }
}

BOOST_AUTO_TEST_CASE(runs_beyond_the_free_places_wait_and_none_is_lost) {
    runner.places = 2;
    for (int i = 0; i < 5; ++i) add("job " + std::to_string(i), at(clock.now() + kSecond));
    clock.advance(kSecond);
    settle();
    BOOST_TEST(runner.with_worker.size() == 2U);
    for (int ended = 0; ended < 5; ++ended) {
        BOOST_REQUIRE(!runner.with_worker.empty());
        runner.end(clock, success());
        settle();
    }
    BOOST_TEST(runs().size() == 5U);
    for (const auto& run : runs()) BOOST_TEST(wire_name(run.state) == "succeeded");
}

BOOST_AUTO_TEST_CASE(a_stop_reaches_the_runner) {
    add("job", at(clock.now() + kSecond));
    clock.advance(kSecond);
    settle();
    const RunId run = runner.with_worker.front().assigned.run;
    store->write(store::Store::Class::api, [&](store::Tx& tx) { BOOST_TEST(tx.request_stop(run, StopWhy::user)); });
    settle();
    BOOST_REQUIRE(runner.stops.contains(raw(run)));
    BOOST_TEST((runner.stops[raw(run)] == StopWhy::user));
    BOOST_TEST(wire_name(runs()[0].state) == "stopping");
}

BOOST_AUTO_TEST_CASE(an_end_reported_twice_is_refused_the_second_time) {
    add("job", at(clock.now() + kSecond));
    clock.advance(kSecond);
    settle();
    const auto order = runner.with_worker.front();
    runner.end(clock, success());
    settle();
    runner.with_worker.push_back(order);
    runner.end(clock, failure());
    settle();
    BOOST_REQUIRE_EQUAL(runs().size(), 1U);
    BOOST_TEST(wire_name(runs()[0].state) == "succeeded");
}

BOOST_AUTO_TEST_CASE(a_stopping_engine_stores_what_still_ends_and_claims_nothing_more) {
    add("job", every(kSecond), [](Definition& def) { def.max_instances = 9; });
    clock.advance(kSecond);
    settle();
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    engine.stop();
    clock.advance(kSecond);
    settle();
    BOOST_TEST(runner.with_worker.size() == 1U, "no new claim");
    runner.end(clock, success());
    engine.run();
    BOOST_REQUIRE_EQUAL(runs().size(), 1U);
    BOOST_TEST(wire_name(runs()[0].state) == "succeeded");
}

BOOST_AUTO_TEST_CASE(while_the_engine_is_paused_only_manual_runs_are_dispatched) {
    const JobKey key = add("job", every(kSecond));
    store->write(store::Store::Class::api,
                 [](store::Tx& tx) { tx.settings().set_engine_state(store::EngineState::paused); });
    clock.advance(kSecond);
    settle();
    BOOST_TEST(runner.with_worker.empty());
    store->write(store::Store::Class::api, [&](store::Tx& tx) { tx.run_now(key, {}); });
    settle();
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    BOOST_TEST((runner.with_worker.front().assigned.origin == Origin::manual));
    runner.end(clock, success());
    store->write(store::Store::Class::api,
                 [](store::Tx& tx) { tx.settings().set_engine_state(store::EngineState::running); });
    settle();
    BOOST_TEST(runner.with_worker.size() == 1U, "the fire that fell due meanwhile runs on resume");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
