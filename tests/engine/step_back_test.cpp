// A step back that was accepted, while the store takes some of its units and not others, or the server is killed.
#include "engine/guarded_fixture.hpp"

namespace foliot::testing {
namespace {

struct StepBack : GuardedFixture {
    Micros wait_for_retry() const {
        for (const auto& run : runs()) {
            if (run.state == RunState::waiting) return run.due - clock->now();
        }
        return -1;
    }
    void kill() { stop(); }
};

BOOST_FIXTURE_TEST_SUITE(step_back, StepBack)

BOOST_AUTO_TEST_CASE(what_waits_is_brought_forward_once_though_the_audit_row_finds_no_space_at_first) {
    start_a_retry();
    system.advance(kMinute);
    crank();
    system.set_wall(system.now() - 40 * kMinute);
    system.synchronise(true);
    crank();
    crank();
    system.advance(kMinute);
    for (const int writes : {0, 1, 1'000}) {
        failing->writes = writes;
        crank();
    }
    BOOST_TEST(!suspect());
    BOOST_TEST(audits("clock_accepted") == 1);
    BOOST_TEST(wait_for_retry() > 7 * kMinute);
    BOOST_TEST(wait_for_retry() < 10 * kMinute);
}

BOOST_AUTO_TEST_CASE(a_server_killed_before_its_jobs_were_moved_finds_its_clock_suspect_again) {
    const auto beat = add("beat", every(10 * kSecond));
    start_a_retry();
    BOOST_TEST(live(2 * kMinute) == 12);
    system.set_wall(system.now() - 40 * kDay);
    crank();
    failing->writes = 0;
    accept();
    system.advance(kSecond);
    crank();
    BOOST_TEST(suspect(), "nothing is moved yet");
    kill();
    start();
    crank();
    BOOST_TEST(suspect());
    accept();
    BOOST_TEST(!suspect());
    BOOST_TEST(job(beat).state.cursor <= system.now());
    BOOST_TEST(live(kMinute) == 6);
    BOOST_TEST(wait_for_retry() > 6 * kMinute);
}

BOOST_AUTO_TEST_CASE(a_server_killed_right_after_its_jobs_were_moved_does_not_move_them_again) {
    start_a_retry();
    system.set_wall(system.now() - 40 * kDay);
    crank();
    failing->turns = FailingStore::Turns::are_refused;
    accept();
    const Micros wait = wait_for_retry();
    BOOST_TEST(wait > 9 * kMinute);
    kill();
    start();
    crank();
    BOOST_TEST(!suspect(), "the accepted clock is remembered");
    BOOST_TEST(wait_for_retry() == wait);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
