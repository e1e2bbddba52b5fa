#include "base/utf8.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;

BOOST_AUTO_TEST_CASE(every_beginning_of_a_character_is_an_open_end_and_nothing_else_is) {
    for (std::uint32_t c = 0; c < 0x110000; c += c < 0x3000 ? 1 : 61) {
        if (c >= 0xd800 && c < 0xe000) continue;
        std::string whole = "x";
        utf8::append(whole, c);
        BOOST_REQUIRE_EQUAL(utf8::open_end(whole), 0U);
        for (std::size_t length = 1; length + 1 < whole.size(); ++length)
            BOOST_REQUIRE_EQUAL(utf8::open_end(whole.substr(0, 1 + length)), length);
    }
    for (const char* closed : {"", "x", "\x80", "\xc0", "\xc1", "\xe0\x80", "\xed\xa0", "\xf0\x80", "\xf4\x90", "\xf5",
                               "\xff", "\xe2\x82\xac\x80", "\xf0\x9f\x98x"})
        BOOST_TEST(utf8::open_end(closed) == 0U, closed);
    BOOST_TEST(utf8::open_end("\xff\xe2\x82") == 2U);
}

BOOST_AUTO_TEST_CASE(at_most_three_bytes_may_be_the_rest_of_a_character) {
    BOOST_TEST(utf8::open_start("") == 0U);
    BOOST_TEST(utf8::open_start("x\x80") == 0U);
    BOOST_TEST(utf8::open_start("\x82\xacx") == 2U);
    BOOST_TEST(utf8::open_start("\x80\x80\x80\x80") == 3U);
}

BOOST_AUTO_TEST_CASE(text_is_valid_when_each_of_its_characters_is) {
    for (const char* valid : {"", "x", "caf\xc3\xa9", "\xe2\x82\xac\xf0\x9f\x98\x80"})
        BOOST_TEST(utf8::is_valid(valid));
    for (const char* wrong : {"\xff", "x\x80", "\xc3", "\xe2\x82x", "\xed\xa0\x80", "\xf0\x9f\x98"})
        BOOST_TEST(!utf8::is_valid(wrong));
}
