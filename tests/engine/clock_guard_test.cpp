// The wall clock set back and forth under an engine with a real store.
#include "engine/guarded_fixture.hpp"
#include "engine/reanchor.hpp"

namespace foliot::testing {
namespace {

BOOST_FIXTURE_TEST_SUITE(clock_guard, GuardedFixture)

BOOST_AUTO_TEST_CASE(a_clock_five_years_ahead_for_a_minute_loses_nothing_and_fires_nothing_early) {
    const auto beat = add("beat", every(10 * kSecond));
    add("new year", trigger::Date{.at = system.now() + kYear});
    BOOST_TEST(live(30 * kSecond) == 3);
    const Micros right = system.now();
    system.set_wall(right + 5 * kYear);
    BOOST_TEST(live(kMinute) == 0);
    BOOST_TEST(suspect());
    system.set_wall(right + kMinute);
    BOOST_TEST(live(kSecond) == 1, "the six fires of that minute are one late run");
    BOOST_TEST(!suspect());
    BOOST_TEST(live(29 * kSecond) == 3);
    BOOST_TEST(store->read()->fires_accounted(beat) == 12);
    BOOST_TEST(runs().size() == 7U);
    BOOST_TEST(count("succeeded") == 7);
    for (const auto& run : runs()) BOOST_TEST(run.created() < right + kHour, "its id is of the wrong time");
}

BOOST_AUTO_TEST_CASE(a_retry_planned_while_the_clock_is_years_ahead_comes_in_its_time) {
    add("job", trigger::Date{.at = system.now() + kSecond}, [](Definition& def) { def.retry.max_retries = 1; });
    system.advance(kSecond);
    crank();
    system.set_wall(system.now() + 5 * kYear);
    runner.end(*clock, failure());
    crank();
    BOOST_TEST(suspect());
    system.set_wall(system.now() - 5 * kYear);
    BOOST_TEST(live(9 * kSecond) == 0);
    BOOST_TEST(live(3 * kSecond) == 1);
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_while_the_clock_is_suspect_is_stored) {
    add("job", trigger::Date{.at = system.now() + kSecond});
    system.advance(kSecond);
    crank();
    system.set_wall(system.now() - kHour);
    crank();
    BOOST_TEST(suspect());
    runner.end(*clock, success());
    crank();
    BOOST_TEST(count("succeeded") == 1);
}

BOOST_AUTO_TEST_CASE(a_step_back_of_five_minutes_is_waited_for) {
    add("beat", every(10 * kSecond));
    BOOST_TEST(live(30 * kSecond) == 3);
    system.set_wall(system.now() - 5 * kMinute);
    BOOST_TEST(live(5 * kMinute) == 0, "what has fired does not fire again");
    BOOST_TEST(!suspect());
    BOOST_TEST(live(10 * kSecond) == 1);
    BOOST_TEST(count("missed") == 0);
}

BOOST_AUTO_TEST_CASE(after_an_accepted_step_back_jobs_go_on_from_now) {
    const auto beat = add("beat", every(10 * kSecond));
    const auto fired = add("fired", trigger::Date{.at = system.now() + 5 * kSecond});
    const auto coming = add("coming", trigger::Date{.at = system.now() + 2 * kDay});
    BOOST_TEST(live(kHour, 10 * kSecond) == 361);
    const auto young = add("young", every(20 * kSecond));  // begins by the clock that turns out to be ahead
    system.set_wall(system.now() - 30 * kMinute - 5 * kSecond);
    BOOST_TEST(live(kMinute) == 0);
    BOOST_TEST(suspect());
    accept();
    BOOST_TEST(!suspect());
    BOOST_TEST(audits("reanchored") == 2);
    BOOST_TEST(job(beat).state.cursor <= system.now());
    BOOST_TEST(job(beat).state.next_fire.value() <= system.now() + 10 * kSecond);
    BOOST_TEST(job(young).state.next_fire.value() <= system.now() + 20 * kSecond);
    BOOST_TEST((job(fired).state.status == JobStatus::finished));
    BOOST_TEST(job(coming).state.next_fire.value() == std::get<trigger::Date>(job(coming).definition.trigger).at);
    BOOST_TEST(live(kMinute) == 6 + 3);  // each nominal of before may come a second time
    BOOST_TEST(count("scheduled error") == 0);
    BOOST_TEST(count("missed") == 0);
}

BOOST_AUTO_TEST_CASE(a_next_run_set_by_hand_for_next_week_stays_there) {
    const auto weekly = add("weekly", every(kHour));
    const Micros at = system.now() + 7 * kDay;
    store->write(store::Store::Class::api, [&](store::Tx& tx) {
        tx.set_next_fire(weekly, {.anchor = at - 1, .armed_at = system.now(), .cursor = at - 1, .next_fire = at});
    });
    system.set_wall(system.now() - kHour);
    crank();
    accept();
    BOOST_TEST(!suspect());
    BOOST_TEST(job(weekly).state.next_fire.value() == at);
    BOOST_TEST(audits("reanchored") == 0);
}

BOOST_AUTO_TEST_CASE(what_was_ahead_of_a_small_step_back_is_moved_by_the_next_one) {
    const auto beat = add("beat", every(10 * kSecond));
    BOOST_TEST(live(kMinute) == 6);
    const auto paused = add("paused", every(10 * kSecond));
    store->write(store::Store::Class::api, [&](store::Tx& tx) { tx.pause(paused); });
    system.set_wall(system.now() - 4 * kMinute);
    crank();
    system.set_wall(system.now() - kHour);
    crank();
    accept();
    BOOST_TEST(job(beat).state.cursor <= system.now());
    BOOST_TEST(job(paused).state.cursor <= system.now());
    BOOST_TEST(live(kMinute) == 6);
}

BOOST_AUTO_TEST_CASE(a_step_back_moves_a_thousand_jobs_in_small_units_and_what_waits_with_them) {
    for (int i = 0; i < 1'200; ++i) add("job " + std::to_string(i), every(kHour));
    start_a_retry();
    system.set_wall(system.now() - 50 * kYear / 10);
    crank();
    accept();
    BOOST_TEST(audits("reanchored") == 1'200);
    BOOST_TEST(live(9 * kMinute, 5 * kSecond) == 0);
    BOOST_TEST(live(3 * kMinute, 5 * kSecond) == 1, "the retry waits about ten minutes");
}

BOOST_AUTO_TEST_CASE(a_suspect_clock_is_accepted_once_the_kernel_has_vouched_for_it_for_a_minute) {
    add("beat", every(10 * kSecond));
    BOOST_TEST(live(10 * kSecond) == 1);
    system.set_wall(system.now() - kDay);
    system.synchronise(true);
    BOOST_TEST(live(50 * kSecond) == 0);
    system.synchronise(false);
    crank();
    system.synchronise(true);
    BOOST_TEST(live(59 * kSecond) == 0, "not for a minute without a break");
    BOOST_TEST(suspect());
    BOOST_TEST(live(12 * kSecond) >= 1);
    BOOST_TEST(!suspect());
    BOOST_TEST(audits("clock_accepted") == 1);
}

BOOST_AUTO_TEST_CASE(each_further_step_of_a_suspect_clock_starts_the_minute_anew) {
    system.synchronise(true);
    system.set_wall(system.now() - kDay);
    live(50 * kSecond);
    system.set_wall(system.now() - kDay);
    live(50 * kSecond);
    BOOST_TEST(suspect());
    live(15 * kSecond);
    BOOST_TEST(!suspect());
}

BOOST_AUTO_TEST_CASE(a_jump_of_more_than_a_day_that_is_accepted_counts_as_a_long_stop) {
    const auto beat = add("beat", every(10 * kSecond));
    BOOST_TEST(live(10 * kSecond) == 1);
    system.set_wall(system.now() + 2 * kDay);
    BOOST_TEST(live(kMinute) == 0);
    accept();
    BOOST_TEST(live(10 * kSecond) == 2, "one for all that is late, one in time");
    BOOST_TEST(store->read()->fires_accounted(beat) == 1 + 2 * 8640 + 6 + 1);
    BOOST_TEST(audits("reanchored") == 0);
}

BOOST_AUTO_TEST_CASE(a_jump_of_up_to_a_day_is_followed_and_what_it_passed_over_is_late) {
    add("strict", every(10 * kSecond), [](Definition& def) { def.misfire = MisfirePolicy::skip; });
    BOOST_TEST(live(10 * kSecond) == 1);
    system.set_wall(system.now() + 20 * kHour);
    BOOST_TEST(live(10 * kSecond) == 1);
    BOOST_TEST(!suspect());
    BOOST_REQUIRE_EQUAL(count("missed"), 1);
    for (const auto& run : runs()) {
        if (wire_name(run.state) == "missed") BOOST_TEST(run.fires == 7200);
    }
}

BOOST_AUTO_TEST_CASE(a_step_of_a_second_makes_nothing_late) {
    add("strict", every(10 * kSecond), [](Definition& def) { def.misfire = MisfirePolicy::skip; });
    BOOST_TEST(live(9 * kSecond) == 0);
    system.set_wall(system.now() + 2 * kSecond);
    crank();
    BOOST_TEST(runner.with_worker.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_a_machine_slept_through_is_late_and_no_fault_of_its_clock) {
    add("strict", every(10 * kSecond), [](Definition& def) { def.misfire = MisfirePolicy::skip; });
    add("late", every(10 * kSecond));
    BOOST_TEST(live(10 * kSecond) == 2);
    system.sleep(3 * kDay + 5 * kSecond);
    crank();
    BOOST_TEST(!suspect());
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    BOOST_TEST(runner.with_worker.front().assigned.job_id == "late");
    BOOST_TEST(count("missed") == 1);
}

BOOST_AUTO_TEST_CASE(a_stop_of_two_weeks_is_no_fault_of_the_clock) {
    const auto beat = add("beat", every(5 * kSecond));
    BOOST_TEST(live(5 * kSecond) == 1);
    stop();
    system.advance(14 * kDay);
    start();
    crank();
    BOOST_TEST(!suspect());
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    BOOST_TEST(store->read()->fires_accounted(beat) == 1 + 14 * 17'280);
}

BOOST_AUTO_TEST_CASE(a_start_before_the_last_turn_holds_until_the_clock_is_right_however_long_the_stop_was) {
    add("beat", every(10 * kSecond));
    BOOST_TEST(live(10 * kSecond) == 1);
    const Micros seen = system.now();
    stop();
    system.set_wall(kDay);  // a board without a battery
    start();
    BOOST_TEST(live(kMinute) == 0);
    BOOST_TEST(suspect());
    system.set_wall(seen + 14 * kDay);
    BOOST_TEST(live(10 * kSecond) == 2);
    BOOST_TEST(!suspect());
    BOOST_TEST(audits("reanchored") == 0);
}

BOOST_AUTO_TEST_CASE(a_start_a_little_before_the_last_turn_waits) {
    add("beat", every(10 * kSecond));
    BOOST_TEST(live(20 * kSecond) == 2);
    stop();
    system.set_wall(system.now() - 4 * kMinute);
    start();
    BOOST_TEST(live(4 * kMinute) == 0);
    BOOST_TEST(!suspect());
    BOOST_TEST(live(10 * kSecond) == 1);
}

BOOST_AUTO_TEST_CASE(a_server_that_dies_on_hold_is_on_hold_after_its_next_start_and_can_be_helped) {
    const auto beat = add("beat", every(10 * kSecond));
    BOOST_TEST(live(kHour, 10 * kSecond) == 360);
    system.set_wall(system.now() - 40 * kDay);
    live(kMinute);
    stop();
    start();
    BOOST_TEST(live(kMinute) == 0);
    BOOST_TEST(suspect());
    accept();
    BOOST_TEST(live(kMinute) == 6);
    BOOST_TEST(job(beat).state.cursor <= system.now());
    stop();
    start();
    crank();
    BOOST_TEST(!suspect(), "the accepted clock is remembered");
}

BOOST_AUTO_TEST_CASE(accepting_a_clock_that_is_believed_changes_nothing) {
    add("beat", every(10 * kSecond));
    accept();
    BOOST_TEST(live(10 * kSecond) == 1);
    BOOST_TEST(audits("reanchored") == 0);
}

BOOST_AUTO_TEST_CASE(an_interval_that_begins_later_on_purpose_keeps_its_beginning) {
    const Micros now = 1'000 * kDay, cursor = now + kHour;
    const trigger::Interval daily{.every = kDay, .start = now + 20 * kHour, .end = {}};
    BOOST_TEST((engine::rebased(daily, cursor, now) == trigger::Trigger(daily)));
    const trigger::Interval next_year{.every = kMinute, .start = now + kYear, .end = {}};
    BOOST_TEST((engine::rebased(next_year, cursor, now) == trigger::Trigger(next_year)));
    const trigger::Interval begun{.every = kMinute, .start = now + kHour + 7, .end = {}};
    const auto moved = std::get<trigger::Interval>(engine::rebased(begun, cursor, now));
    BOOST_TEST(moved.start == now + 7);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
