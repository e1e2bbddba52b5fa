#include "runner/output_capture.hpp"

#include "process/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::runner;

namespace {

const std::string kNonce = "0123456789abcdef";

/// As a worker writes it, built by hand so that the reader is checked against the format and not against itself.
std::string mark(std::uint64_t run) {
    std::string text = kNonce;
    for (unsigned i = 0; i < 8; ++i) text += static_cast<char>(run >> (8U * i) & 0xffU);
    return text;
}

struct Pipe {
    explicit Pipe(std::size_t max = 1024) : capture(kNonce, max) {}
    void feed(std::string_view bytes) { capture.feed(bytes, 7, done); }
    OutputCapture capture;
    std::vector<OutputCapture::Segment> done;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_marker_is_found_wherever_it_is_torn) {
    const std::string stream = "one" + mark(1) + mark(0x0102030405060708) + "three, 01234567" + mark(3) + "0123";
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        Pipe pipe;
        pipe.feed(std::string_view(stream).substr(0, cut));
        pipe.feed(std::string_view(stream).substr(cut));
        BOOST_REQUIRE_EQUAL(pipe.done.size(), 3U);
        BOOST_TEST(pipe.done[0].run == 1U);
        BOOST_TEST(pipe.done[0].text == "one");
        BOOST_TEST(pipe.done[1].run == 0x0102030405060708U);
        BOOST_TEST(pipe.done[1].text == "");
        BOOST_TEST(pipe.done[1].at == 0);
        BOOST_TEST(pipe.done[2].text == "three, 01234567");
        BOOST_TEST(pipe.done[2].at == 7);
        BOOST_TEST(pipe.capture.rest().text == "0123");
    }
}

BOOST_AUTO_TEST_CASE(a_stream_of_single_bytes_is_the_same_stream) {
    Pipe pipe;
    for (const char c : "ab" + mark(5) + "c" + mark(6)) pipe.feed(std::string_view(&c, 1));
    BOOST_REQUIRE_EQUAL(pipe.done.size(), 2U);
    BOOST_TEST(pipe.done[0].text == "ab");
    BOOST_TEST(pipe.done[1].run == 6U);
    BOOST_TEST(pipe.done[1].text == "c");
}

BOOST_AUTO_TEST_CASE(a_nonce_that_restarts_inside_its_own_beginning_is_found) {
    Pipe pipe;
    pipe.feed("0120123456789");
    pipe.feed("abcdef");
    pipe.feed(std::string_view(mark(9)).substr(process::kNonceBytes));
    BOOST_REQUIRE_EQUAL(pipe.done.size(), 1U);
    BOOST_TEST(pipe.done[0].text == "012");
    BOOST_TEST(pipe.done[0].run == 9U);
}

BOOST_AUTO_TEST_CASE(the_marker_of_the_frame_codec_is_understood) {
    Pipe pipe;
    pipe.feed("x" + process::marker(kNonce, 0xfffefdfcfbfaf9f8U));
    BOOST_REQUIRE_EQUAL(pipe.done.size(), 1U);
    BOOST_TEST(pipe.done[0].run == 0xfffefdfcfbfaf9f8U);
}

BOOST_AUTO_TEST_CASE(a_marker_cut_off_by_death_is_no_output) {
    Pipe pipe;
    pipe.feed("last words" + mark(4).substr(0, 20));
    BOOST_TEST(pipe.capture.rest().text == "last words");
}

BOOST_AUTO_TEST_CASE(too_much_output_keeps_head_and_tail_and_says_how_much_is_gone) {
    for (const std::size_t piece : {1UL, 7UL, 64UL, 5000UL}) {
        Pipe pipe(100);
        std::string all;
        for (int i = 0; all.size() < 5000; ++i) all += static_cast<char>('a' + i % 26);
        for (std::size_t at = 0; at < all.size(); at += piece) pipe.feed(std::string_view(all).substr(at, piece));
        pipe.feed(mark(1) + "next" + mark(2));
        BOOST_REQUIRE_EQUAL(pipe.done.size(), 2U);
        BOOST_TEST(pipe.done[0].text ==
                   all.substr(0, 50) + "\n[... 4900 bytes left out ...]\n" + all.substr(all.size() - 50));
        BOOST_TEST(pipe.done[1].text == "next");
    }
}

BOOST_AUTO_TEST_CASE(output_that_just_fits_is_whole) {
    CappedText text(100);
    text.append(std::string(60, 'x'));
    text.append(std::string(40, 'y'));
    BOOST_TEST(text.take() == std::string(60, 'x') + std::string(40, 'y'));
    BOOST_TEST(text.take() == "");
}

BOOST_AUTO_TEST_CASE(log_lines_beyond_the_cap_leave_the_first_and_the_last) {
    LogCapture log;
    for (int i = 0; i < 1000; ++i) log.add({Stream::log, i, "INFO line " + std::to_string(1000 + i)}, 10 * (14 + 64));
    BOOST_TEST(log.last_lines(2) == "INFO line 1998\nINFO line 1999");
    std::vector<OutputChunk> lines;
    log.move_to(lines);
    BOOST_REQUIRE_EQUAL(lines.size(), 11U);
    BOOST_TEST(lines.front().data == "INFO line 1000");
    BOOST_TEST(lines[5].data == "WARNING [... 990 lines left out ...]");
    BOOST_TEST(lines.back().data == "INFO line 1999");
    BOOST_TEST(log.last_lines(5) == "");
}

BOOST_AUTO_TEST_CASE(lines_of_no_length_cost_something_too) {
    LogCapture log;
    for (int i = 0; i < 200'000; ++i) log.add({Stream::log, i, "INFO "}, 256U << 10U);
    std::vector<OutputChunk> lines;
    log.move_to(lines);
    BOOST_TEST(lines.size() < 4'000U);
}
