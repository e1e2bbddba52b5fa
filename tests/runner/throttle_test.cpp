#include "runner/throttle.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::runner;

BOOST_AUTO_TEST_CASE(so_much_is_read_in_a_window_and_anew_in_the_next) {
    Throttle throttle;
    BOOST_TEST(!throttle.took(60, 100, 1'000));
    BOOST_TEST(!throttle.took(39, 100, 1'000 + Throttle::kWindow - 1));
    BOOST_TEST(throttle.took(1, 100, 1'000 + Throttle::kWindow - 1));
    BOOST_TEST(throttle.end() == 1'000 + Throttle::kWindow);
    BOOST_TEST(!throttle.took(99, 100, throttle.end()));
    BOOST_TEST(throttle.took(1, 100, throttle.end() - 1));
}

BOOST_AUTO_TEST_CASE(who_is_read_beyond_its_share_waits_longer_but_not_for_ever) {
    Throttle throttle;
    BOOST_TEST(throttle.took(350, 100, 1'000));
    BOOST_TEST(throttle.end() == 1'000 + 3 * Throttle::kWindow);
    BOOST_TEST(throttle.took(1'000'000, 100, 2'000));
    BOOST_TEST(throttle.end() == 1'000 + static_cast<Micros>(Throttle::kMostWindows) * Throttle::kWindow);
    BOOST_TEST(!throttle.took(99, 100, throttle.end()));
}

BOOST_AUTO_TEST_CASE(workers_share_what_is_read_but_each_gets_a_full_pipe) {
    BOOST_TEST(Throttle::share(1) == 2U << 20U);
    BOOST_TEST(Throttle::share(4) == (2U << 20U) / 4);
    BOOST_TEST(Throttle::share(0) == Throttle::share(1));
    BOOST_TEST(Throttle::share(10'000) == 64U << 10U);
}
