#include "base/json.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace foliot;
using json::Kind;

namespace {

std::string error_of(std::string_view text, const json::Limits& limits = {}) {
    try {
        json::parse(text, limits);
    } catch (const json::SyntaxError& e) {
        return e.what();
    }
    return "accepted";
}

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

}  // namespace

BOOST_AUTO_TEST_SUITE(json_suite)

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_read_with_its_verbatim_text) {
    const std::string text =
        R"( {"n": null, "t": true, "f":false, "i": -12, "r": 1.0, "s": "a\u00e9", "l": [1, 2 ], "o": {}} )";
    const json::Value v = json::parse(text);
    BOOST_REQUIRE(v.is(Kind::object));
    BOOST_TEST(v.raw == text.substr(1, text.size() - 2));
    BOOST_TEST(v.members.size() == 8U);
    BOOST_TEST(v.find("n")->is(Kind::null));
    BOOST_TEST(v.find("t")->boolean);
    BOOST_TEST(v.find("f")->is(Kind::boolean));
    BOOST_TEST(!v.find("f")->boolean);
    BOOST_TEST(v.find("i")->integer == -12);
    BOOST_TEST(v.find("i")->real == -12.0);
    BOOST_TEST(v.find("r")->is(Kind::real));
    BOOST_TEST(v.find("r")->raw == "1.0");
    BOOST_TEST(v.find("s")->string == "a\xC3\xA9");
    BOOST_TEST(v.find("s")->raw == R"("a\u00e9")");
    BOOST_TEST(v.find("l")->raw == "[1, 2 ]");
    BOOST_TEST(v.find("l")->items[1].integer == 2);
    BOOST_TEST(v.find("o")->members.empty());
    BOOST_TEST(v.find("absent") == nullptr);
}

BOOST_AUTO_TEST_CASE(integers_keep_all_their_bits_and_larger_ones_become_reals_with_exact_text) {
    BOOST_TEST(json::parse("9223372036854775807").integer == std::numeric_limits<std::int64_t>::max());
    BOOST_TEST(json::parse("-9223372036854775808").integer == std::numeric_limits<std::int64_t>::min());
    const json::Value big = json::parse("9223372036854775808");
    BOOST_TEST(big.is(Kind::real));
    BOOST_TEST(big.raw == "9223372036854775808");
    BOOST_TEST(big.real == 9223372036854775808.0);
    BOOST_TEST(big.integer == 0);
    BOOST_TEST(json::parse("1e2").is(Kind::real));
    BOOST_TEST(json::parse("-0").is(Kind::integer));
    BOOST_TEST(std::signbit(json::parse("-0.0").real));
    BOOST_TEST(json::parse("1e-400").real == 0.0);
    BOOST_TEST(json::parse("1.7976931348623157e308").real == std::numeric_limits<double>::max());
}

BOOST_AUTO_TEST_CASE(escapes_are_decoded) {
    BOOST_TEST(json::parse(R"("\"\\\/\b\f\n\r\t")").string == "\"\\/\b\f\n\r\t");
    BOOST_TEST(json::parse(R"("\u0041\u20AC\ud83d\uDE00")").string == "A\xE2\x82\xAC\xF0\x9F\x98\x80");
    BOOST_TEST(json::parse("\"\x7F\"").string == "\x7F");
}

BOOST_AUTO_TEST_CASE(of_doubled_keys_the_last_counts_in_the_place_of_the_first) {
    const json::Value v = json::parse(R"({"a":1,"b":2,"a":3,"c":4,"a":5,"\u0062":6})");
    BOOST_REQUIRE(v.members.size() == 3U);
    BOOST_TEST(v.members[0].name == "a");
    BOOST_TEST(v.members[0].value.integer == 5);
    BOOST_TEST(v.members[1].name == "b");
    BOOST_TEST(v.members[1].value.integer == 6);
    BOOST_TEST(v.members[2].name == "c");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused_with_what_and_where) {
    const std::vector<std::pair<std::string, std::string>> table{
        {"", "the text ends where a value is due at byte 0"},
        {"  ", "the text ends where a value is due at byte 2"},
        {"{", "the text ends where a member name in double quotes is due at byte 1"},
        {"{\"a\"", "the text ends where ':' is due at byte 4"},
        {"{\"a\":1,}", "expected a member name in double quotes at byte 7"},
        {"{a:1}", "expected a member name in double quotes at byte 1"},
        {"{'a':1}", "expected a member name in double quotes at byte 1"},
        {"{\"a\" 1}", "expected ':' at byte 5"},
        {"{\"a\":1 \"b\":2}", "expected ',' or '}' at byte 7"},
        {"[1 2]", "expected ',' or ']' at byte 3"},
        {"[1,]", "expected a value at byte 3"},
        {"[1", "the text ends where ',' or ']' is due at byte 2"},
        {"nul", "expected a value at byte 0"},
        {"True", "expected a value at byte 0"},
        {"nullx", "unexpected text after the value at byte 4"},
        {"1 2", "unexpected text after the value at byte 2"},
        {"{}}", "unexpected text after the value at byte 2"},
        {"NaN", "expected a value at byte 0"},
        {"Infinity", "expected a value at byte 0"},
        {"-Infinity", "expected a digit at byte 1"},
        {"[1e400]", "a number too large for a double at byte 1"},
        {"-1e400", "a number too large for a double at byte 0"},
        {"01", "a number must not start with 0 at byte 0"},
        {"-01", "a number must not start with 0 at byte 0"},
        {"1.", "the text ends where a digit is due at byte 2"},
        {".5", "expected a value at byte 0"},
        {"+1", "expected a value at byte 0"},
        {"1e", "the text ends where a digit is due at byte 2"},
        {"1e+x", "expected a digit at byte 3"},
        {"0x10", "unexpected text after the value at byte 1"},
        {"\"abc", "a string that does not end at byte 0"},
        {"\"a\\", "an unknown escape at byte 2"},
        {"\"\\x41\"", "an unknown escape at byte 1"},
        {"\"\\u12g4\"", "\\u needs four hex digits at byte 1"},
        {"\"\\u12", "\\u needs four hex digits at byte 1"},
        {"\"\\u-123\"", "\\u needs four hex digits at byte 1"},
        {"\"\\u0000\"", "\\u0000 is not allowed at byte 1"},
        {"\"\\ud800\"", "a lone surrogate at byte 1"},
        {"\"\\ud800\\u0041\"", "a lone surrogate at byte 1"},
        {"\"\\udc00\"", "a lone surrogate at byte 1"},
        {"\"a\tb\"", "a control character in a string must be escaped at byte 2"},
        {"\"a\nb\"", "a control character in a string must be escaped at byte 2"},
        {"\"\x80\"", "bad UTF-8 at byte 1"},
        {"\"\xC0\xAF\"", "bad UTF-8 at byte 1"},
        {"\"\xE0\x80\xAF\"", "bad UTF-8 at byte 1"},
        {"\"\xED\xA0\x80\"", "bad UTF-8 at byte 1"},
        {"\"\xF4\x90\x80\x80\"", "bad UTF-8 at byte 1"},
        {"\"\xE2\x82\"", "bad UTF-8 at byte 1"},
        {"\xEF\xBB\xBF{}", "a byte order mark is not allowed at byte 0"},
        {"// x\n1", "expected a value at byte 0"},
        {"\xC2\xA0"
         "1",
         "expected a value at byte 0"},
        {"{\"k\x01\":1}", "a control character in a string must be escaped at byte 3"},
    };
    for (const auto& [text, error] : table) BOOST_TEST(error_of(text) == error, text << ": " << error_of(text));
    BOOST_TEST(error_of(std::string("\"a\0b\"", 5)) == "a control character in a string must be escaped at byte 2");
    BOOST_TEST(error_of(std::string("1\0", 2)) == "unexpected text after the value at byte 1");
}

BOOST_AUTO_TEST_CASE(nesting_and_number_of_values_are_limited) {
    BOOST_TEST(error_of(nested(64)) == "accepted");
    BOOST_TEST(error_of(nested(65)) == "nested deeper than 64 levels at byte 64");
    BOOST_TEST(error_of(std::string(1'000'000, '[')) == "nested deeper than 64 levels at byte 64");
    BOOST_TEST(error_of("[1,2,3]", {.depth = 64, .values = 4}) == "accepted");
    BOOST_TEST(error_of("[1,2,3]", {.depth = 64, .values = 3}) == "more than 3 values at byte 5");
}

BOOST_AUTO_TEST_CASE(an_object_of_many_equal_keys_is_read_in_a_moment) {
    std::string text = "{\"k0\":0";
    for (int i = 1; i < 200'000; ++i) text += ",\"k" + std::to_string(i % 50'000) + "\":" + std::to_string(i);
    const json::Value v = json::parse(text + "}");
    BOOST_REQUIRE(v.members.size() == 50'000U);
    BOOST_TEST(v.members[7].value.integer == 150'007);
}

BOOST_AUTO_TEST_CASE(valid_text_is_utf8_without_nul_and_surrogates) {
    for (const std::string_view good : {"", "abc", "\xC3\xA9", "\xF0\x9F\x98\x80", "a\nb"})
        BOOST_TEST(json::valid_text(good));
    for (const std::string_view bad : {"\xFF", "\xC3", "\xED\xA0\x80", "\xC1\x81"}) BOOST_TEST(!json::valid_text(bad));
    BOOST_TEST(!json::valid_text(std::string_view("a\0b", 3)));
}

BOOST_AUTO_TEST_CASE(quoting_escapes_as_python_does) {
    const std::string_view text = "a\"\\/\b\f\n\r\t\x01\x7F\xC3\xA9\xF0\x9F\x98\x80";
    BOOST_TEST(json::quote(text) == "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7F\xC3\xA9\xF0\x9F\x98\x80\"");
    BOOST_TEST(json::quote(text, json::Charset::ascii) == R"("a\"\\/\b\f\n\r\t\u0001\u007f\u00e9\ud83d\ude00")");
    BOOST_TEST(json::parse(json::quote(text)).string == text);
    BOOST_TEST(json::quote("a\xFF") == "\"a\xEF\xBF\xBD\"");
}

BOOST_AUTO_TEST_CASE(the_writer_writes_compactly_or_with_the_blanks_of_python) {
    const auto build = [](json::Writer out) {
        out.begin_object().field("a", 1).field("b", "x").field("c", true).field("d", std::optional<std::int64_t>());
        out.key("e").begin_array().value(1.5).null().begin_object().end_object().begin_array().end_array().end_array();
        out.raw_field("f", "[1.0]").key("g").begin_object().field("h", std::string_view("i")).end_object().end_object();
        return out.take();
    };
    BOOST_TEST(build(json::Writer()) ==
               R"({"a":1,"b":"x","c":true,"d":null,"e":[1.5,null,{},[]],"f":[1.0],"g":{"h":"i"}})");
    BOOST_TEST(build(json::Writer(json::Writer::Spacing::python)) ==
               R"({"a": 1, "b": "x", "c": true, "d": null, "e": [1.5, null, {}, []], "f": [1.0], "g": {"h": "i"}})");
}

BOOST_AUTO_TEST_CASE(doubles_are_written_as_python_writes_them) {
    const std::vector<std::pair<double, std::string>> table{{0.0, "0.0"},
                                                            {1.0, "1.0"},
                                                            {-2.5, "-2.5"},
                                                            {0.1, "0.1"},
                                                            {100000.0, "100000.0"},
                                                            {1e15, "1000000000000000.0"},
                                                            {1e16, "1e+16"},
                                                            {1.5e300, "1.5e+300"},
                                                            {0.0001, "0.0001"},
                                                            {0.00001, "1e-05"},
                                                            {1795220296.920263, "1795220296.920263"},
                                                            {1.0 / 3, "0.3333333333333333"},
                                                            {std::nan(""), "null"},
                                                            {std::numeric_limits<double>::infinity(), "null"}};
    for (const auto& [d, text] : table) BOOST_TEST(json::Writer().value(d).take() == text);
}

// Expectations made with Python 3: json.dumps(json.loads(text), sort_keys=True[, indent=4]).
BOOST_AUTO_TEST_CASE(sorted_ascii_is_what_python_dumps) {
    const json::Value v = json::parse(
        "{\"b\":[1,2.0,{}],\"a\":{\"\xC3\xA9\":\"\xF0\x9F\x98\x80\\u007f\",\"Z\":null,\"e\":[]},\"B\":true}");
    BOOST_TEST(json::sorted_ascii(v) ==
               R"({"B": true, "a": {"Z": null, "e": [], "\u00e9": "\ud83d\ude00\u007f"}, "b": [1, 2.0, {}]})");
    BOOST_TEST(json::sorted_ascii(v, 4) ==
               "{\n    \"B\": true,\n    \"a\": {\n        \"Z\": null,\n        \"e\": [],\n        \"\\u00e9\": "
               "\"\\ud83d\\ude00\\u007f\"\n    },\n    \"b\": [\n        1,\n        2.0,\n        {}\n    ]\n}");
    BOOST_TEST(json::sorted_ascii(json::parse("{}"), 4) == "{}");
    BOOST_TEST(json::sorted_ascii(json::parse("[ ]"), 4) == "[]");
    BOOST_TEST(json::sorted_ascii(json::parse("1.50")) == "1.50");
}

BOOST_AUTO_TEST_SUITE_END()
