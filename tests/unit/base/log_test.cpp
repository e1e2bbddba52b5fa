#include "base/log.hpp"

#include "support/captured_error.hpp"

#include <boost/test/unit_test.hpp>

#include <regex>
#include <thread>

using namespace foliot;
using foliot::testing::CapturedError;

BOOST_AUTO_TEST_SUITE(log_suite)

BOOST_AUTO_TEST_CASE(a_line_has_its_time_and_level) {
    const CapturedError captured;
    log::info("an-id", "ready");
    BOOST_TEST(std::regex_match(captured.text(),
                                std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO \[an-id\] ready\n)")));
}

BOOST_AUTO_TEST_CASE(for_the_journal_a_line_has_its_priority_and_no_time) {
    const CapturedError captured;
    log::configure({.least = log::Level::debug, .journal_prefix = true});
    log::debug("an-id", "a");
    log::info("an-id", "b");
    log::warning("an-id", "c");
    log::error("an-id", "d");
    BOOST_TEST(captured.text() == "<7>[an-id] a\n<6>[an-id] b\n<4>[an-id] c\n<3>[an-id] d\n");
}

BOOST_AUTO_TEST_CASE(lines_below_the_least_level_are_not_written) {
    const CapturedError captured;
    log::configure({.least = log::Level::warning, .journal_prefix = true});
    log::info("an-id", "no");
    log::error("an-id", "yes");
    BOOST_TEST(captured.text() == "<3>[an-id] yes\n");
}

BOOST_AUTO_TEST_CASE(user_text_cannot_forge_a_line) {
    const CapturedError captured;
    log::configure({.least = log::Level::info, .journal_prefix = true});
    log::info("an-id", "a\n<0>forged\r\x1b[2J\x7f\xC3\xA9");
    BOOST_TEST(captured.text() == "<6>[an-id] a\\n<0>forged\\x0d\\x1b[2J\\x7f\xC3\xA9\n");
}

BOOST_AUTO_TEST_CASE(control_characters_of_either_set_and_what_is_no_utf8_are_escaped) {
    const CapturedError captured;
    log::configure({.least = log::Level::info, .journal_prefix = true});
    log::info("an-id",
              "\xC2\x80\xC2\x9B"
              "31m\xC2\x9F\xC2\xA0");
    log::info("an-id",
              "\x9B"
              "31m\xFF\xC3(\xED\xA0\x80\xE2\x82");
    BOOST_TEST(captured.text() ==
               "<6>[an-id] \\xc2\\x80\\xc2\\x9b31m\\xc2\\x9f\xC2\xA0\n<6>[an-id] "
               "\\x9b31m\\xff\\xc3(\\xed\\xa0\\x80\\xe2\\x82\n");
}

BOOST_AUTO_TEST_CASE(lines_of_several_threads_stay_whole) {
    const CapturedError captured;
    log::configure({.least = log::Level::info, .journal_prefix = true});
    {
        std::vector<std::jthread> threads;
        for (char c = 'a'; c < 'e'; ++c) {
            threads.emplace_back([c] {
                for (int i = 0; i < 20; ++i) log::info("an-id", std::string(100, c));
            });
        }
    }
    const std::string text = captured.text();
    BOOST_TEST(text.size() == 4U * 20 * 112);
    for (std::size_t at = 0; at + 112 <= text.size(); at += 112)
        BOOST_TEST(text.substr(at, 112) == "<6>[an-id] " + std::string(100, text[at + 11]) + "\n");
}

BOOST_AUTO_TEST_SUITE_END()
