// Parts of the module that need no network.
#include "http/headers.hpp"
#include "http/python_json.hpp"
#include "http/retry_after.hpp"
#include "http/signature.hpp"
#include "http/utf8.hpp"

#include <foliot/testing.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <deque>

namespace {

using namespace std::chrono_literals;
using foliot::testing::Data;

std::string json(const Data& data) {
    std::deque<std::vector<foliot_value>> storage;
    const foliot_value raw = data.raw(storage);
    return http::python_json(foliot::Value(raw));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(parts)

// What Python 3.11's json.dumps writes.
BOOST_AUTO_TEST_CASE(json_is_written_as_python_writes_it) {
    struct Row {
        Data value;
        const char* text;
    };
    const Row table[] = {
        {nullptr, "null"},
        {true, "true"},
        {-7, "-7"},
        {9223372036854775807, "9223372036854775807"},
        {1.0, "1.0"},
        {-0.0, "-0.0"},
        {0.1, "0.1"},
        {100000.0, "100000.0"},
        {1e15, "1000000000000000.0"},
        {1e16, "1e+16"},
        {1.5e300, "1.5e+300"},
        {123456789012345680.0, "1.2345678901234568e+17"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {5e-324, "5e-324"},
        {Data::List{}, "[]"},
        {Data::Map{}, "{}"},
        {Data::List{1, Data::List{2}, "x"}, R"([1, [2], "x"])"},
        {Data::Map{{"b", 1}, {"a", Data::Map{{"c", nullptr}}}}, R"({"b": 1, "a": {"c": null}})"},
        {"\"\\/\b\f\n\r\t", R"("\"\\/\b\f\n\r\t")"},
        {std::string("\0\x1F\x7F", 3), "\"\\u0000\\u001f\x7F\""},
        {"\u00e9\u20ac\U0001F600", R"("\u00e9\u20ac\ud83d\ude00")"},
        {"a\xFFz", R"("a\ufffdz")"},
    };
    for (const Row& row : table) BOOST_TEST(json(row.value) == row.text);
}

BOOST_AUTO_TEST_CASE(a_signature_is_that_of_the_standards_example) {
    const auto key = http::SigningKey::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    BOOST_REQUIRE(key.has_value());
    BOOST_TEST(key->sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})") ==
               "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

BOOST_AUTO_TEST_CASE(base64_is_padded) {
    BOOST_TEST(http::base64("") == "");
    BOOST_TEST(http::base64("a") == "YQ==");
    BOOST_TEST(http::base64("\xFB\xFF") == "+/8=");
    BOOST_TEST(http::from_base64("+/8=").value() == "\xFB\xFF");
    for (const char* text : {"+/8", "-_8=", "Y", "YQ==!", "a b="})
        BOOST_TEST(!http::from_base64(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(what_gives_a_secret_away_is_known) {
    const auto texts = [](const char* value) { return http::secrets_in(value); };
    using Texts = std::vector<std::string>;
    BOOST_TEST(texts(" abc\t") == (Texts{"abc"}));
    BOOST_TEST(texts("BEARER abc") == (Texts{"BEARER abc", "abc"}));
    BOOST_TEST(texts("Token") == (Texts{"Token"}));
    BOOST_TEST(texts("Basic YTpi") == (Texts{"Basic YTpi", "YTpi", "b"}));
    BOOST_TEST(texts("Basic YWI=") == (Texts{"Basic YWI=", "YWI="}));  // no colon
}

BOOST_AUTO_TEST_CASE(retry_after_is_seconds_or_a_date_within_bounds) {
    const std::chrono::sys_seconds now{784111777s};  // Sun, 06 Nov 1994 08:49:37 GMT
    using http::retry_after;
    BOOST_TEST(retry_after("17", now).value().count() == 17);
    BOOST_TEST(retry_after("0", now).value().count() == 1);
    BOOST_TEST(retry_after("86400", now).value().count() == 3600);
    BOOST_TEST(retry_after("99999999999999999999999", now).value().count() == 3600);
    BOOST_TEST(retry_after("Sun, 06 Nov 1994 08:50:07 GMT", now).value().count() == 30);
    BOOST_TEST(retry_after("Sunday, 06-Nov-94 08:50:07 GMT", now).value().count() == 30);
    BOOST_TEST(retry_after("Sun Nov  6 08:50:07 1994", now).value().count() == 30);
    BOOST_TEST(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now).value().count() == 1);
    BOOST_TEST(retry_after("Thu, 01 Jan 1970 00:00:00 GMT", now).value().count() == 1);
    BOOST_TEST(retry_after("Fri, 31 Dec 9999 23:59:59 GMT", now).value().count() == 3600);
    for (const char* text : {"", "soon", "-5", "+5", "1.5", "17 s", "Sun, 06 Nov 1994 08:49:37", "06 Nov 1994"})
        BOOST_TEST(!retry_after(text, now).has_value(), text);
}

BOOST_AUTO_TEST_CASE(utf8_is_told_from_other_bytes) {
    for (const char* text : {"", "a", "\u00e9", "\u20ac", "\U0001F600", "\xEF\xBF\xBD", "\xF4\x8F\xBF\xBF"})
        BOOST_TEST(http::is_utf8(text), text);
    for (const char* text : {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                             "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "a\xFF"})
        BOOST_TEST(!http::is_utf8(text));
    BOOST_TEST(http::without_half_character("ab\xE2\x82") == "ab");
    BOOST_TEST(http::without_half_character("ab\u20ac") == "ab\u20ac");
    BOOST_TEST(http::without_half_character("ab") == "ab");
    BOOST_TEST(http::without_half_character("\xF0\x9F\x98") == "");
    BOOST_TEST(http::without_half_character("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
