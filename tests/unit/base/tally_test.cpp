#include "base/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <thread>
#include <vector>

namespace foliot::testing {
namespace {

constexpr std::array<Micros, 3> kBounds{10, 100, 1000};

BOOST_AUTO_TEST_SUITE(tally)

BOOST_AUTO_TEST_CASE(a_length_counts_below_the_first_bound_that_it_does_not_exceed) {
    Durations durations(kBounds);
    for (const Micros length : {0, 10, 11, 100, 1000, 1001, 50'000}) durations.note(length);
    BOOST_TEST(durations.count(0) == 2U);
    BOOST_TEST(durations.count(1) == 2U);
    BOOST_TEST(durations.count(2) == 1U);
    BOOST_TEST(durations.count(3) == 2U);
    BOOST_TEST(durations.sum() == 52'122);
}

BOOST_AUTO_TEST_CASE(what_began_before_it_was_due_counts_as_on_time) {
    Durations durations(kBounds);
    durations.note(-5);
    BOOST_TEST(durations.count(0) == 1U);
    BOOST_TEST(durations.sum() == 0);
}

BOOST_AUTO_TEST_CASE(no_count_of_any_thread_is_lost) {
    Count count;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < 100'000; ++n) count.add();
            });
        }
    }
    BOOST_TEST(count.value() == 400'000U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
