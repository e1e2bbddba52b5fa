#include "engine/waker.hpp"

#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

namespace {
std::atomic<bool> clock_was_set{false};
}

/// The kernel's, but it can find that the clock was set since the last call: that needs no real step of the clock.
extern "C" int timerfd_settime(int fd, int flags, const itimerspec* value, itimerspec* old) noexcept {
    const long result = ::syscall(SYS_timerfd_settime, fd, flags, value, old);
    if (result != 0 || !clock_was_set.exchange(false)) return static_cast<int>(result);
    errno = ECANCELED;  // the timer is armed all the same, and the step forgotten
    return -1;
}

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

BOOST_AUTO_TEST_CASE(a_nudge_is_told_from_a_wake_and_hides_none) {
    waker.nudge();
    BOOST_TEST(!waker.wait(std::nullopt));
    waker.nudge();
    waker.wake();
    BOOST_TEST(waker.wait(std::nullopt));
    waker.nudge();
    BOOST_TEST(waker.wait(clock.now() - 1));
    BOOST_TEST(waker.wait(clock.now() + 5 * kMillisecond));
}

BOOST_AUTO_TEST_CASE(a_wait_ends_at_its_instant_and_not_before) {
    const Micros until = clock.now() + 20 * kMillisecond;
    waker.wait(until);
    BOOST_TEST(clock.now() >= until);
}

BOOST_AUTO_TEST_CASE(a_wake_before_the_instant_leaves_it_to_the_next_wait) {
    const Micros until = clock.now() + 50 * kMillisecond;
    waker.wake();
    waker.wait(until);
    waker.wait(until);
    BOOST_TEST(clock.now() >= until);
}

BOOST_AUTO_TEST_CASE(an_instant_that_has_been_waited_for_does_not_wait_again) {
    const Micros until = clock.now() + 5 * kMillisecond;
    waker.wait(until);
    waker.wait(until);
    waker.wake();
    waker.wait(std::nullopt);
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

BOOST_AUTO_TEST_CASE(a_step_of_the_clock_just_before_the_wait_is_not_lost) {
    std::atomic<bool> woke{false};
    clock_was_set = true;
    std::thread waiting([&] {
        waker.wait(clock.now() + 3'600 * kSecond);
        woke = true;
    });
    BOOST_TEST(wait_until([&] { return woke.load(); }));
    waker.wake();
    waiting.join();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
