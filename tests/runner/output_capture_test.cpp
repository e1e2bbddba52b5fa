#include "runner/output_capture.hpp"

#include "process/frames.hpp"
#include "runner/log_capture.hpp"

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

/// With the number of bytes that are left out in their place.
std::string kept(const CappedText& text) {
    const KeptText view = text.view();
    return std::string(view.head) + (view.dropped > 0 ? "[" + std::to_string(view.dropped) + "]" : "") +
           std::string(view.tail);
}

struct Pipe {
    explicit Pipe(std::size_t max = 1024) : capture(kNonce, max) {}
    void feed(std::string_view bytes) { capture.feed(bytes, {1, 7}, done); }
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
        BOOST_TEST(kept(pipe.done[0].text) == "one");
        BOOST_TEST(pipe.done[1].run == 0x0102030405060708U);
        BOOST_TEST(kept(pipe.done[1].text) == "");
        BOOST_TEST(kept(pipe.done[2].text) == "three, 01234567");
        BOOST_REQUIRE_EQUAL(pipe.done[2].text.view().parts.size(), 1U);
        BOOST_TEST(pipe.done[2].text.view().parts[0].arrival.at == 7);
        BOOST_TEST(kept(pipe.capture.rest()) == "0123");
    }
}

BOOST_AUTO_TEST_CASE(a_stream_of_single_bytes_is_the_same_stream) {
    Pipe pipe;
    for (const char c : "ab" + mark(5) + "c" + mark(6)) pipe.feed(std::string_view(&c, 1));
    BOOST_REQUIRE_EQUAL(pipe.done.size(), 2U);
    BOOST_TEST(kept(pipe.done[0].text) == "ab");
    BOOST_TEST(pipe.done[1].run == 6U);
    BOOST_TEST(kept(pipe.done[1].text) == "c");
}

BOOST_AUTO_TEST_CASE(a_nonce_that_restarts_inside_its_own_beginning_is_found) {
    Pipe pipe;
    pipe.feed("0120123456789");
    pipe.feed("abcdef");
    pipe.feed(std::string_view(mark(9)).substr(process::kNonceBytes));
    BOOST_REQUIRE_EQUAL(pipe.done.size(), 1U);
    BOOST_TEST(kept(pipe.done[0].text) == "012");
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
    BOOST_TEST(kept(pipe.capture.rest()) == "last words");
}

BOOST_AUTO_TEST_CASE(too_much_output_keeps_head_and_tail_and_says_how_much_is_gone) {
    for (const std::size_t piece : {1UL, 7UL, 64UL, 5000UL}) {
        Pipe pipe(100);
        std::string all;
        for (int i = 0; all.size() < 5000; ++i) all += static_cast<char>('a' + i % 26);
        for (std::size_t at = 0; at < all.size(); at += piece) pipe.feed(std::string_view(all).substr(at, piece));
        pipe.feed(mark(1) + "next" + mark(2));
        BOOST_REQUIRE_EQUAL(pipe.done.size(), 2U);
        BOOST_TEST(kept(pipe.done[0].text) == all.substr(0, 50) + "[4900]" + all.substr(all.size() - 50));
        BOOST_TEST(kept(pipe.done[1].text) == "next");
    }
}

BOOST_AUTO_TEST_CASE(output_that_just_fits_is_whole) {
    CappedText text(100);
    text.append(std::string(60, 'x'), {1, 1});
    text.append(std::string(40, 'y'), {1, 1});
    BOOST_TEST(kept(text) == std::string(60, 'x') + std::string(40, 'y'));
    BOOST_TEST(text.view().last(50) == std::string(10, 'x') + std::string(40, 'y'));
}

BOOST_AUTO_TEST_CASE(no_character_is_cut_where_the_middle_is_left_out) {
    CappedText text(10);
    for (int i = 0; i < 10; ++i) text.append("\xe2\x82\xac", {1, 1});
    BOOST_TEST(kept(text) == "\xe2\x82\xac[24]\xe2\x82\xac");
}

BOOST_AUTO_TEST_CASE(a_part_begins_where_a_character_does) {
    CappedText text(100);
    text.append("a\xe2", {1, 1});
    text.append("\x82", {2, 2});
    text.append(
        "\xac"
        "b",
        {3, 3});
    text.append(
        "\xff"
        "c",
        {4, 4});
    const auto parts = text.view().parts;
    BOOST_REQUIRE_EQUAL(parts.size(), 3U);
    BOOST_TEST(parts[0].from == 0U);
    BOOST_TEST(parts[1].from == 4U);
    BOOST_TEST(parts[1].arrival.order == 3U);
    BOOST_TEST(parts[2].from == 5U);
}

BOOST_AUTO_TEST_CASE(parts_are_bounded_however_many_come) {
    CappedText text(16'384);
    for (std::uint64_t i = 1; i < 100'000; ++i) text.append("x", {i, 1});
    const KeptText kept = text.view();
    BOOST_TEST(kept.parts.size() <= 3U * 8'192 / 128);
    BOOST_TEST(kept.parts.front().from == 0U);
    BOOST_TEST(kept.parts.back().from == 99'998U);
    BOOST_TEST(kept.dropped == 99'999U - 16'384);
}

BOOST_AUTO_TEST_CASE(what_comes_on_one_stream_at_once_is_one_part) {
    Arrivals arrivals;
    BOOST_TEST(arrivals.next(Stream::out, 1'000).order == 1U);
    BOOST_TEST(arrivals.next(Stream::out, 5'999).order == 1U);
    BOOST_TEST(arrivals.next(Stream::out, 6'000).order == 2U);
    BOOST_TEST(arrivals.next(Stream::err, 6'000).order == 3U);
    BOOST_TEST(arrivals.next(Stream::out, 6'000).order == 4U);
    BOOST_TEST(arrivals.next(Stream::out, 5'000).order == 5U);  // the clock was set back
}

BOOST_AUTO_TEST_CASE(what_could_have_been_a_marker_came_when_it_came) {
    Pipe pipe;
    pipe.capture.feed("one 0123", {1, 10}, pipe.done);
    pipe.capture.feed("4", {2, 20}, pipe.done);
    pipe.capture.feed("two", {3, 30}, pipe.done);
    const CappedText text = pipe.capture.rest();
    BOOST_TEST(kept(text) == "one 01234two");
    BOOST_REQUIRE_EQUAL(text.view().parts.size(), 2U);
    BOOST_TEST(text.view().parts[1].from == 9U);
    BOOST_TEST(text.view().parts[1].arrival.at == 30);
}

BOOST_AUTO_TEST_CASE(log_lines_beyond_the_cap_leave_the_first_and_the_last) {
    LogCapture log;
    for (int i = 0; i < 1000; ++i) log.add({Stream::log, i, "line " + std::to_string(1000 + i)}, 1, 10 * (9 + 64));
    BOOST_TEST(log.last_lines(2) == "INFO line 1998\nINFO line 1999");
    BOOST_TEST(log.last_lines(7).starts_with("INFO line 1995\n"));
    BOOST_TEST(log.last_lines(996).starts_with("INFO line 1004\nINFO line 1995\n"));
    BOOST_TEST(log.end() == 1'000U);
    BOOST_TEST(log.tail_begin() == 995U);
    BOOST_TEST(log.missing_at(4) == 0U);
    BOOST_TEST(log.missing_at(5) == 990U);
    BOOST_TEST(log.at(4).chunk.data == "line 1004");
    BOOST_TEST(log.at(999).chunk.data == "line 1999");
}

BOOST_AUTO_TEST_CASE(lines_of_no_length_cost_something_too) {
    LogCapture log;
    for (int i = 0; i < 200'000; ++i) log.add({Stream::log, i, ""}, 1, 256U << 10U);
    BOOST_TEST(log.missing_at(2'048) > 190'000U);
}
