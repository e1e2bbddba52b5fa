#include "app/module_watch.hpp"

#include <boost/test/unit_test.hpp>

namespace foliot::testing {
namespace {

using app::QuietTime;

BOOST_AUTO_TEST_SUITE(quiet_time)

BOOST_AUTO_TEST_CASE(nothing_is_due_before_anything_happened) {
    QuietTime quiet;
    BOOST_TEST(!quiet.due().has_value());
    BOOST_TEST(!quiet.is_over(1'000'000 * kSecond));
}

BOOST_AUTO_TEST_CASE(it_is_over_once_two_seconds_after_the_last_of_what_happened) {
    QuietTime quiet;
    quiet.happened(100 * kSecond);
    quiet.happened(101 * kSecond);
    BOOST_TEST(quiet.due().value() == 103 * kSecond);
    BOOST_TEST(!quiet.is_over(103 * kSecond - 1));
    BOOST_TEST(quiet.is_over(103 * kSecond));
    BOOST_TEST(!quiet.is_over(200 * kSecond));
}

BOOST_AUTO_TEST_CASE(who_goes_on_for_long_keeps_others_waiting_for_ten_seconds_at_most) {
    QuietTime quiet;
    for (Micros now = 100 * kSecond; now < 109 * kSecond; now += kSecond) quiet.happened(now);
    BOOST_TEST(quiet.due().value() == 110 * kSecond);
    quiet.happened(109 * kSecond);
    BOOST_TEST(quiet.is_over(110 * kSecond));
    quiet.happened(111 * kSecond);
    BOOST_TEST(quiet.due().value() == 113 * kSecond);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
