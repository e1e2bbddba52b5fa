#include "base/later.hpp"

#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <optional>

using namespace foliot;

BOOST_AUTO_TEST_SUITE(later)

BOOST_AUTO_TEST_CASE(what_is_asked_for_is_done) {
    std::atomic<int> done = 0;
    Later one(0, Later::AtEnd::drop_it, [&] { ++done; });
    BOOST_TEST(done == 0);
    one.ask();
    BOOST_TEST(testing::wait_until([&] { return done == 1; }));
    one.ask();
    BOOST_TEST(testing::wait_until([&] { return done == 2; }));
}

BOOST_AUTO_TEST_CASE(the_action_may_ask_for_itself_with_a_delay_of_its_own) {
    std::atomic<int> done = 0;
    std::optional<Later> one;
    one.emplace(0, Later::AtEnd::drop_it, [&] {
        if (++done < 3) one->ask_in(kMillisecond);
    });
    one->ask();
    BOOST_TEST(testing::wait_until([&] { return done == 3; }));
    one.reset();
    BOOST_TEST(done == 3);
}

BOOST_AUTO_TEST_CASE(at_the_end_what_waits_is_done_or_dropped_without_its_delay) {
    for (const auto at_end : {Later::AtEnd::do_it, Later::AtEnd::drop_it}) {
        std::atomic<int> done = 0;
        {
            Later one(3600 * kSecond, at_end, [&] { ++done; });
            one.ask();
        }
        BOOST_TEST(done == (at_end == Later::AtEnd::do_it ? 1 : 0));
    }
}

BOOST_AUTO_TEST_SUITE_END()
