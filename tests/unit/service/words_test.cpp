#include "service/words.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using service::said_length;

BOOST_AUTO_TEST_SUITE(words)

BOOST_AUTO_TEST_CASE(lengths_are_said_with_two_units_at_most) {
    const std::vector<std::pair<Micros, std::string>> table{{0, "0 us"},
                                                            {999, "999 us"},
                                                            {1500, "1.5 ms"},
                                                            {42'700, "42 ms"},
                                                            {kSecond, "1 s"},
                                                            {3'590'000, "3.5 s"},
                                                            {59'999'999, "59 s"},
                                                            {60 * kSecond, "1 min"},
                                                            {302 * kSecond, "5 min 2 s"},
                                                            {7'800 * kSecond, "2 h 10 min"},
                                                            {86'400 * kSecond, "1 d"},
                                                            {273'700 * kSecond, "3 d 4 h"},
                                                            {-kSecond, "-1 s"}};
    for (const auto& [length, text] : table) BOOST_TEST(said_length(length) == text);
}

BOOST_AUTO_TEST_SUITE_END()
