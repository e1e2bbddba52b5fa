// What a run wrote as clients get it.
#include "api/ndscheduler/output_forms.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::api;
using namespace foliot::api::ndscheduler;

namespace {

constexpr Micros kTime = 1'000'000;
const std::string kTimeText = "1970-01-01T00:00:01+00:00";

std::string text_of(const std::vector<OutputChunk>& chunks) { return output_body(chunks, {}); }

std::string json_of(const OutputChunk& chunk) {
    const std::string whole = output_body({chunk}, {.form = OutputForm::json});
    const std::string before = R"({"output": [)", behind = "]}";
    BOOST_REQUIRE(whole.starts_with(before) && whole.ends_with(behind));
    return whole.substr(before.size(), whole.size() - before.size() - behind.size());
}

OutputQuery query_of(std::vector<std::pair<std::string, std::string>> query, const std::string& accept = "") {
    Request request;
    request.query = std::move(query);
    if (!accept.empty()) request.headers.emplace_back("accept", accept);
    return output_query(request);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_line_ends_where_another_stream_goes_on) {
    BOOST_TEST(
        text_of({{Stream::out, 1, "ab"}, {Stream::out, 2, "c"}, {Stream::err, 3, "x\n"}, {Stream::out, 4, "d\n"}}) ==
        "abc\nx\nd\n");
    BOOST_TEST(text_of({{Stream::out, 1, "ab"}, {Stream::log, kTime, "say", LogLevel::warning, "{}"}}) ==
               "ab\n" + kTimeText + " WARNING say {}\n");
    BOOST_TEST(text_of({{Stream::out, 1, "no newline"}}) == "no newline");
}

BOOST_AUTO_TEST_CASE(what_is_missing_has_a_line) {
    BOOST_TEST(
        text_of({{Stream::out, 1, "ab"}, {.stream = Stream::out, .at = 1, .left_out = 7}, {Stream::out, 1, "c\n"}}) ==
        "ab\n[... 7 bytes left out ...]\nc\n");
    BOOST_TEST(text_of({{.stream = Stream::log, .at = kTime, .left_out = 7}}) ==
               kTimeText + " WARNING [... 7 lines left out ...]\n");
    BOOST_TEST(json_of({.stream = Stream::log, .at = kTime, .left_out = 7}) ==
               R"({"time": ")" + kTimeText + R"(", "stream": "log", "left_out": 7})");
}

BOOST_AUTO_TEST_CASE(nothing_in_a_text_can_hurt_a_terminal) {
    BOOST_TEST(text_of({{Stream::out, 1, std::string("a\0\x1b[31m\x7f\x07\t\r\n", 12)}}) ==
               "a\u2400\u241b[31m\u2421\u2407\t\r\n");
    BOOST_TEST(text_of({{Stream::out, 1,
                         "\xff\xc3(\xc2\x9b"
                         "31m\xe2\x82"}}) ==
               "\ufffd\ufffd(\ufffd"
               "31m\ufffd\ufffd");
    BOOST_TEST(text_of({{Stream::log, kTime, "\x1b", LogLevel::info, "\x1b"}}) == kTimeText + " INFO \u241b \u241b\n");
    BOOST_TEST(text_of({{Stream::out, 1, "é € 😀"}}) == "é € 😀");
}

BOOST_AUTO_TEST_CASE(json_tells_time_stream_and_text_of_each_piece) {
    const std::string before = R"({"time": ")" + kTimeText + R"(", "stream": )";
    BOOST_TEST(json_of({Stream::err, kTime, std::string("<\0\x1b", 3)}) ==
               before + R"("stderr", "text": "<\u0000\u001b"})");
    BOOST_TEST(json_of({Stream::out, kTime, "\xff\n"}) == before + R"("stdout", "base64": "/wo="})");
    BOOST_TEST(json_of({Stream::log, kTime, "said", LogLevel::error, R"({"a": 1.0})"}) ==
               before + R"("log", "level": "ERROR", "text": "said", "fields": {"a": 1.0}})");
}

BOOST_AUTO_TEST_CASE(fields_that_are_no_object_break_nothing) {
    for (const std::string fields : {"[1]", "\"x", "{\"a\":1}}", "\xff"}) {
        const std::string text = json_of({Stream::log, kTime, "", LogLevel::info, fields});
        const auto value = json::parse(text);
        BOOST_TEST((value.find("fields") != nullptr && value.find("fields")->is(json::Kind::string)), text);
    }
    const std::string text = json_of({Stream::log, kTime, "", LogLevel::info, "{\r\n\"a\":\n1}"});
    BOOST_TEST(text.find_first_of("\r\n") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(raw_is_the_bytes_of_one_stream) {
    const std::string all("\0\xff\x1b\r\n", 5);
    const std::vector<OutputChunk> chunks{{Stream::out, 1, all}, {Stream::err, 2, "no"}, {Stream::out, 3, all}};
    const OutputQuery query{.form = OutputForm::raw, .stream = Stream::out};
    BOOST_TEST(output_body(chunks, query) == all + all);
    BOOST_TEST(content_type_of(query) == "application/octet-stream");
}

BOOST_AUTO_TEST_CASE(one_stream_is_asked_for) {
    const std::vector<OutputChunk> chunks{{Stream::out, 1, "a"}, {Stream::err, 2, "b"}, {Stream::out, 3, "c"}};
    BOOST_TEST(output_body(chunks, {.stream = Stream::out}) == "ac");
    const std::string json = output_body(chunks, {.form = OutputForm::json, .stream = Stream::err});
    BOOST_TEST(json::parse(json).find("output")->items.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_form_is_asked_for_by_a_parameter_or_by_what_is_accepted) {
    BOOST_TEST((query_of({}).form == OutputForm::text));
    BOOST_TEST((query_of({}, "text/html, */*").form == OutputForm::text));
    BOOST_TEST((query_of({}, "text/plain, application/json;q=0.9").form == OutputForm::json));
    BOOST_TEST((query_of({{"format", "text"}}, "application/json").form == OutputForm::text));
    BOOST_TEST(content_type_of(query_of({{"format", "json"}})) == "application/json");
    BOOST_TEST(content_type_of(query_of({{"format", "json"}, {"follow", "1"}})) == "application/x-ndjson");
    for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
             {"format", "xml"}, {"format", "raw"}, {"stream", "stdin"}, {"follow", "2"}, {"other", "1"}})
        BOOST_CHECK_THROW(query_of({{name, value}}), RequestError);
    BOOST_CHECK_THROW(query_of({{"format", "raw"}, {"stream", "log"}}), RequestError);
}
