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

BOOST_AUTO_TEST_CASE(characters_that_control_are_told_from_those_that_only_look_odd) {
    using service::has_control_character;
    for (const char* bad : {"a\x01", "a\x1f", "\x7f", "\u0080", "a\u009fb", "\n"})
        BOOST_TEST(has_control_character(bad), bad);
    for (const char* good : {"", "a b", "\u00a0", "ä✓🚀", "\u200b"}) BOOST_TEST(!has_control_character(good), good);
    BOOST_TEST(has_control_character(std::string_view("a\0b", 3)));
}

BOOST_AUTO_TEST_CASE(characters_that_nobody_sees_are_known) {
    using service::has_invisible_character;
    for (const char* bad : {"a\u200b", "\u200fa", "a\u2028b", "\u202e", "\u2066x\u2069", "\u2060", "\ufeff"})
        BOOST_TEST(has_invisible_character(bad), bad);
    for (const char* good : {"", "a b", "\u2010", "\u202f", "ä✓🚀"}) BOOST_TEST(!has_invisible_character(good), good);
}

BOOST_AUTO_TEST_CASE(blanks_of_every_script_are_seen_at_either_end) {
    using service::has_outer_blanks;
    for (const char* bad : {" a", "a ", " ", "\u00a0a", "a\u3000", "ä\u2009", "\u1680"})
        BOOST_TEST(has_outer_blanks(bad), bad);
    for (const char* good : {"", "a", "a b", "a\u00a0b", "ä", "🚀"}) BOOST_TEST(!has_outer_blanks(good), good);
}

BOOST_AUTO_TEST_SUITE_END()
