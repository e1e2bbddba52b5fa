#include "process/frames.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <random>
#include <string>

using namespace foliot;           // NOLINT(google-build-using-namespace)
using namespace foliot::process;  // NOLINT(google-build-using-namespace)

namespace {

Start full_start() {
    Start s;
    s.execution = -7;
    s.claim = 8;
    s.function = 3;
    s.attempt = 2;
    s.max_attempts = 5;
    s.log_level = 2;
    s.scheduled = 1'800'000'000'000'001;
    s.timeout = 10;
    s.grace = 20;
    s.clock_offset = -21;
    s.execution_id = "0123abc";
    s.job_id = "job \xc3\xa9";
    s.job_name = "";
    s.args = "[1]";
    s.kwargs = R"({"a":"b"})";
    return s;
}

Result full_result() {
    Result r;
    r.outcome = 3;
    r.cancelled = 2;
    r.delay = 4;
    r.started = 5;
    r.ended = 6;
    r.rss_bytes = 7;
    r.cpu = 8;
    r.leftovers = "2 threads";
    r.result = std::string("{\0}", 3);
    r.error_code = "code";
    r.error_text = "text";
    return r;
}

/// One frame of every type that has a body.
std::vector<std::string> one_of_each() {
    return {encode(Hello{1, 42, "1.0", "abcdef"}),
            encode(7, full_start()),
            encode(7, Started{9}),
            encode(7, Progress{0.5, "half"}),
            encode(7, Heartbeat{1, 2, 3}),
            encode(7, Cancel{1, 5}),
            encode(7, full_result()),
            encode(7, Log{1, 2, 3, "text", "{}"}),
            encode(Config{"{}"}),
            encode(Returned{std::string(16, 'x')}),
            encode(Describe{"{}"})};
}

void decode_any(const FrameView& f) {
    switch (static_cast<FrameType>(f.type)) {
        case FrameType::hello: decode<Hello>(f); break;
        case FrameType::start: decode<Start>(f); break;
        case FrameType::started: decode<Started>(f); break;
        case FrameType::progress: decode<Progress>(f); break;
        case FrameType::heartbeat: decode<Heartbeat>(f); break;
        case FrameType::cancel: decode<Cancel>(f); break;
        case FrameType::result: decode<Result>(f); break;
        case FrameType::log: decode<Log>(f); break;
        case FrameType::config: decode<Config>(f); break;
        case FrameType::returned: decode<Returned>(f); break;
        case FrameType::describe: decode<Describe>(f); break;
        default: break;
    }
}

template <class T>
T through_the_wire(const std::string& bytes) {
    FrameReader reader(kMaxControlFrame);
    reader.feed(bytes);
    const auto frame = reader.next();
    BOOST_REQUIRE(frame);
    T message = decode<T>(*frame);
    BOOST_TEST(!reader.next());
    return message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(frames)

BOOST_AUTO_TEST_CASE(a_start_arrives_as_it_was_sent) {
    const Start sent = full_start();
    const auto got = through_the_wire<Start>(encode(7, sent));
    BOOST_TEST(got.execution == sent.execution);
    BOOST_TEST(got.claim == sent.claim);
    BOOST_TEST(got.function == sent.function);
    BOOST_TEST(got.attempt == sent.attempt);
    BOOST_TEST(got.max_attempts == sent.max_attempts);
    BOOST_TEST(got.log_level == sent.log_level);
    BOOST_TEST(got.scheduled == sent.scheduled);
    BOOST_TEST(got.timeout == sent.timeout);
    BOOST_TEST(got.grace == sent.grace);
    BOOST_TEST(got.execution_id == sent.execution_id);
    BOOST_TEST(got.job_id == sent.job_id);
    BOOST_TEST(got.job_name == sent.job_name);
    BOOST_TEST(got.args == sent.args);
    BOOST_TEST(got.kwargs == sent.kwargs);
}

BOOST_AUTO_TEST_CASE(a_result_arrives_as_it_was_sent) {
    const Result sent = full_result();
    const auto got = through_the_wire<Result>(encode(7, sent));
    BOOST_TEST(got.outcome == sent.outcome);
    BOOST_TEST(got.delay == sent.delay);
    BOOST_TEST(got.cancelled == sent.cancelled);
    BOOST_TEST(got.started == sent.started);
    BOOST_TEST(got.ended == sent.ended);
    BOOST_TEST(got.rss_bytes == sent.rss_bytes);
    BOOST_TEST(got.cpu == sent.cpu);
    BOOST_TEST(got.leftovers == sent.leftovers);
    BOOST_TEST(got.result == sent.result);
    BOOST_TEST(got.error_code == sent.error_code);
    BOOST_TEST(got.error_text == sent.error_text);
}

BOOST_AUTO_TEST_CASE(the_small_ones_arrive_as_they_were_sent) {
    const auto hello = through_the_wire<Hello>(encode(Hello{1, 42, "1.0", "abcdef"}));
    BOOST_TEST(hello.pid == 42);
    BOOST_TEST(hello.module_version == "1.0");
    BOOST_TEST(hello.build_id == "abcdef");
    const auto progress = through_the_wire<Progress>(encode(7, Progress{std::nan(""), "note"}));
    BOOST_TEST(std::isnan(progress.fraction));
    BOOST_TEST(progress.note == "note");
    const auto log = through_the_wire<Log>(encode(7, Log{1, 2, 3, "text", "{}"}));
    BOOST_TEST(log.at == 1);
    BOOST_TEST(log.level == 2);
    BOOST_TEST(log.thread == 3U);
    BOOST_TEST(log.fields == "{}");
    const auto cancel = through_the_wire<Cancel>(encode(7, Cancel{2, -1}));
    BOOST_TEST(cancel.why == 2);
    BOOST_TEST(cancel.grace == -1);
    const auto beat = through_the_wire<Heartbeat>(encode(7, Heartbeat{~0ULL, 2, 3}));
    BOOST_TEST(beat.rss_bytes == ~0ULL);
}

BOOST_AUTO_TEST_CASE(the_header_is_little_endian_and_has_16_bytes) {
    const std::string bytes = encode(0x0102030405060708U, Started{0x11});
    const std::string wanted("\x14\0\0\0\x03\0\0\0\x08\x07\x06\x05\x04\x03\x02\x01\x11\0\0\0\0\0\0\0", 24);
    BOOST_TEST((bytes == wanted));
}

BOOST_AUTO_TEST_CASE(frames_may_arrive_byte_by_byte_or_all_at_once) {
    std::string all;
    for (const std::string& one : one_of_each()) all += one;
    all += encode_recall() + encode_quit();
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, all.size()}) {
        FrameReader reader(kMaxControlFrame);
        std::vector<int> types;
        for (std::size_t at = 0; at < all.size(); at += step) {
            reader.feed(std::string_view(all).substr(at, step));
            while (const auto frame = reader.next()) {
                BOOST_CHECK_NO_THROW(decode_any(*frame));
                types.push_back(frame->type);
            }
        }
        const std::vector<int> wanted{1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 10, 12};
        BOOST_TEST(types == wanted, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_body_cut_at_any_byte_is_refused) {
    for (const std::string& bytes : one_of_each()) {
        FrameReader reader(kMaxControlFrame);
        reader.feed(bytes);
        FrameView frame = *reader.next();
        const std::string_view body = frame.body;
        for (std::size_t size = 0; size < body.size(); ++size) {
            frame.body = body.substr(0, size);
            BOOST_CHECK_THROW(decode_any(frame), ProtocolError);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_body_with_a_byte_too_many_is_refused) {
    for (const std::string& bytes : one_of_each()) {
        FrameReader reader(kMaxControlFrame);
        reader.feed(bytes);
        FrameView frame = *reader.next();
        const std::string longer = std::string(frame.body) + "x";
        frame.body = longer;
        BOOST_CHECK_THROW(decode_any(frame), ProtocolError);
    }
}

BOOST_AUTO_TEST_CASE(a_frame_of_another_type_is_refused) {
    FrameReader reader(kMaxControlFrame);
    reader.feed(encode(7, Started{9}));
    BOOST_CHECK_THROW(decode<Cancel>(*reader.next()), ProtocolError);
}

BOOST_AUTO_TEST_CASE(a_length_beyond_the_limit_or_below_the_header_is_refused) {
    const auto length = [](std::uint32_t n) { return std::string(reinterpret_cast<const char*>(&n), 4); };
    for (const std::uint32_t bad : {0U, 11U, 1001U, ~0U}) {
        FrameReader reader(1000);
        reader.feed(length(bad));
        BOOST_CHECK_THROW(reader.next(), ProtocolError);
    }
    for (const std::uint32_t good : {12U, 1000U}) {
        FrameReader reader(1000);
        reader.feed(length(good) + std::string(good, '\0'));
        BOOST_TEST(reader.next().has_value());
    }
}

BOOST_AUTO_TEST_CASE(garbage_is_refused_or_decoded_but_never_reads_outside) {
    std::mt19937 random(20261121);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same garbage each time
    for (int round = 0; round < 20'000; ++round) {
        std::string body(random() % 120, '\0');
        for (char& c : body) c = static_cast<char>(random() % 5 == 0 ? random() : 0);
        FrameView frame;
        frame.type = static_cast<std::uint8_t>(random() % 16);
        frame.body = body;
        try {
            decode_any(frame);
        } catch (const ProtocolError&) {}
    }
}

BOOST_AUTO_TEST_CASE(flipped_bytes_in_a_stream_never_do_worse_than_a_protocol_error) {
    std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp)
    std::string all;
    for (const std::string& one : one_of_each()) all += one;
    for (int round = 0; round < 5'000; ++round) {
        std::string bytes = all;
        bytes[random() % bytes.size()] = static_cast<char>(random());
        FrameReader reader(kMaxControlFrame);
        try {
            reader.feed(bytes);
            while (const auto frame = reader.next()) decode_any(*frame);
        } catch (const ProtocolError&) {}
    }
}

BOOST_AUTO_TEST_CASE(only_frames_that_may_be_ignored_say_so) {
    for (const std::string& bytes : one_of_each()) {
        FrameReader reader(kMaxControlFrame);
        reader.feed(bytes);
        const auto frame = *reader.next();
        const auto type = static_cast<FrameType>(frame.type);
        const bool optional = type == FrameType::progress || type == FrameType::heartbeat;
        BOOST_TEST((frame.flags & kOptional) == (optional ? kOptional : 0));
    }
}

BOOST_AUTO_TEST_CASE(a_marker_is_the_nonce_and_the_run) {
    const std::string nonce = "0123456789abcdef";
    const std::string bytes = marker(nonce, 0x0807060504030201U);
    BOOST_TEST(bytes == nonce + "\x01\x02\x03\x04\x05\x06\x07\x08");
    BOOST_TEST(bytes.size() == kMarkerBytes);
}

BOOST_AUTO_TEST_SUITE_END()
