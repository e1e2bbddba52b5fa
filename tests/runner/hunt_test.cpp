// What is left of dead workers and cannot be ended.
#include "pool_fixture.hpp"
#include "support/held_stray.hpp"
#include "support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

BOOST_AUTO_TEST_CASE(who_does_not_die_is_hunted_less_and_less_often) {
    WorkersClock clock;  // outlives the pool
    Pool pool(1);
    pool.supervisor.emplace(pool.options, clock, pool.ledger);
    HeldStray stray;
    BOOST_TEST(pool.reason_of(pool.submit("run_segv")) == "crashed:SIGSEGV");
    Micros last = 10 * kMillisecond;
    for (int i = 0; i < 5; ++i) {
        const auto pause = pool.supervisor->patience();
        BOOST_REQUIRE(pause);
        BOOST_TEST(*pause == 2 * last);
        last = *pause;
        clock.advance(last);
        pool.supervisor->poll(0);
    }
    stray.release();
    BOOST_TEST(pool.turn_until([&] {
        clock.advance(5 * kSecond);
        return !pool.supervisor->patience();
    }));
}
