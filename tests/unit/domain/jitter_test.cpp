// Jitter: a run is due later than its nominal time, always by the same.
#include "domain/planner.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace foliot;

namespace {

constexpr Micros kStart = 1'800'000'000 * kSecond;

/// Not inlined, since g++ 12 then sees members used that no alternative has.
[[gnu::noinline]] trigger::Trigger every(Micros length) {
    return trigger::Interval{.every = length, .start = kStart, .end = {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(jitter)

BOOST_AUTO_TEST_CASE(a_fire_has_one_delay_and_its_neighbours_have_others) {
    constexpr Micros kMost = 30 * kSecond;
    std::set<Micros> delays;
    for (int fire = 0; fire < 1'000; ++fire) {
        const Micros delay = jitter_of(JobKey{7}, fire * 60 * kSecond, kMost);
        BOOST_REQUIRE(delay >= 0);
        BOOST_REQUIRE(delay <= kMost);
        BOOST_REQUIRE(delay == jitter_of(JobKey{7}, fire * 60 * kSecond, kMost));
        delays.insert(delay / kSecond);
    }
    BOOST_TEST(delays.size() == 30U);
    BOOST_TEST(jitter_of(JobKey{7}, kSecond, 0) == 0);
    BOOST_TEST(jitter_of(JobKey{7}, kSecond, kMost) != jitter_of(JobKey{8}, kSecond, kMost));
}

BOOST_AUTO_TEST_CASE(a_run_that_is_not_due_yet_waits_and_keeps_its_nominal_time) {
    DueJob due;
    due.def.trigger = every(60 * kSecond);
    due.def.jitter = 40 * kSecond;
    due.job.key = JobKey{7};
    due.job.anchor = due.job.cursor = due.job.armed_at = kStart - kSecond;
    due.job.next_fire = kStart;
    const Micros delay = jitter_of(JobKey{7}, kStart, due.def.jitter);
    BOOST_REQUIRE(delay > 0);
    const auto early = plan(due, kStart, kStart - kSecond);
    BOOST_REQUIRE(early.rows.size() == 1U);
    BOOST_CHECK(early.rows[0].state == RunState::waiting);
    BOOST_TEST(early.rows[0].nominal == kStart);
    BOOST_TEST(early.rows[0].due == kStart + delay);
    const auto late = plan(due, kStart + delay, kStart - kSecond);
    BOOST_CHECK(late.rows.at(0).state == RunState::ready);
}

BOOST_AUTO_TEST_CASE(it_never_delays_to_the_next_fire_and_not_at_all_what_waits_for_its_predecessor) {
    DueJob due;
    due.def.trigger = every(2 * kSecond);
    due.def.jitter = 3'600 * kSecond;
    due.def.overlap = Overlap::queue;
    for (std::int64_t job = 1; job < 200; ++job) {
        due.job.key = JobKey{job};
        due.job.anchor = due.job.cursor = due.job.armed_at = kStart - kSecond;
        due.job.next_fire = kStart;
        due.instances = 0;
        const auto free = plan(due, kStart, kStart - kSecond);
        BOOST_REQUIRE(free.rows.at(0).due < kStart + 2 * kSecond);
        due.instances = 1;
        const auto behind = plan(due, kStart, kStart - kSecond);
        BOOST_REQUIRE(behind.rows.at(0).state == RunState::blocked);
        BOOST_REQUIRE(behind.rows.at(0).due == kStart);
    }
}

BOOST_AUTO_TEST_SUITE_END()
