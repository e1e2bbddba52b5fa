#include "engine/waker.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

namespace foliot::testing {
namespace {

struct WakerFixture {
    engine::Waker waker;
    SystemClock clock;
};

BOOST_FIXTURE_TEST_SUITE(waker, WakerFixture)

BOOST_AUTO_TEST_CASE(a_wake_before_the_wait_is_not_lost) {
    waker.wake();
    const Micros begin = clock.monotonic();
    waker.wait(clock.now() + 60 * kSecond);
    BOOST_TEST(clock.monotonic() - begin < 30 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_wait_ends_at_its_instant_and_not_before) {
    const Micros until = clock.now() + 20 * kMillisecond;
    waker.wait(until);
    BOOST_TEST(clock.now() >= until);
}

BOOST_AUTO_TEST_CASE(an_instant_in_the_past_does_not_wait) {
    waker.wait(clock.now() - kSecond);
    waker.wait(0);
}

BOOST_AUTO_TEST_CASE(another_thread_ends_a_wait_without_end) {
    std::thread other([this] { waker.wake(); });
    waker.wait(std::nullopt);
    other.join();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
