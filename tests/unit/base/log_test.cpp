#include "base/log.hpp"

#include "base/fd.hpp"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <array>
#include <regex>
#include <thread>

using namespace foliot;

namespace {

/// Standard error goes into a pipe while this lives.
class CapturedError {
  public:
    CapturedError() : pipe_(make_output_pipe()), saved_(::dup(STDERR_FILENO)) {
        ::dup2(pipe_.theirs.get(), STDERR_FILENO);
    }
    ~CapturedError() {
        ::dup2(saved_.get(), STDERR_FILENO);
        log::configure({});
    }
    std::string text() const {
        std::string all;
        std::array<char, 4096> buffer{};
        for (std::ptrdiff_t n = 0; (n = read_some(pipe_.ours.get(), buffer)) > 0;)
            all.append(buffer.data(), static_cast<std::size_t>(n));
        return all;
    }

  private:
    FdPair pipe_;
    Fd saved_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(log_suite)

BOOST_AUTO_TEST_CASE(a_line_has_its_time_and_level) {
    const CapturedError captured;
    log::info("ready");
    BOOST_TEST(std::regex_match(captured.text(), std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO ready\n)")));
}

BOOST_AUTO_TEST_CASE(for_the_journal_a_line_has_its_priority_and_no_time) {
    const CapturedError captured;
    log::configure({.least = log::Level::debug, .journal_prefix = true});
    log::debug("a");
    log::info("b");
    log::warning("c");
    log::error("d");
    BOOST_TEST(captured.text() == "<7>a\n<6>b\n<4>c\n<3>d\n");
}

BOOST_AUTO_TEST_CASE(lines_below_the_least_level_are_not_written) {
    const CapturedError captured;
    log::configure({.least = log::Level::warning, .journal_prefix = true});
    log::info("no");
    log::error("yes");
    BOOST_TEST(captured.text() == "<3>yes\n");
}

BOOST_AUTO_TEST_CASE(user_text_cannot_forge_a_line) {
    const CapturedError captured;
    log::configure({.least = log::Level::info, .journal_prefix = true});
    log::info("a\n<0>forged\r\x1b[2J\x7f\xC3\xA9");
    BOOST_TEST(captured.text() == "<6>a\\n<0>forged\\x0d\\x1b[2J\\x7f\xC3\xA9\n");
}

BOOST_AUTO_TEST_CASE(lines_of_several_threads_stay_whole) {
    const CapturedError captured;
    log::configure({.least = log::Level::info, .journal_prefix = true});
    {
        std::vector<std::jthread> threads;
        for (char c = 'a'; c < 'e'; ++c) {
            threads.emplace_back([c] {
                for (int i = 0; i < 20; ++i) log::info(std::string(100, c));
            });
        }
    }
    const std::string text = captured.text();
    BOOST_TEST(text.size() == 4U * 20 * 104);
    for (std::size_t at = 0; at + 104 <= text.size(); at += 104)
        BOOST_TEST(text.substr(at, 104) == "<6>" + std::string(100, text[at + 3]) + "\n");
}

BOOST_AUTO_TEST_SUITE_END()
