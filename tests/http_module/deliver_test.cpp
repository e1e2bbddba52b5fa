// http:deliver: webhooks, signed as "Standard Webhooks" has it.
#include "http/signature.hpp"
#include "http_module/module_fixture.hpp"

#include <chrono>

namespace {

using namespace foliot::testing;

const std::string kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(deliver_webhooks, HttpModule)

BOOST_AUTO_TEST_CASE(what_is_sent_is_what_is_signed) {
    WebServer server({answer(204)});
    const std::int64_t before = now();
    const Report report =
        deliver({server.url("/hook"), Data::Map{{"type", "run.ended"}, {"n", 1}}, "run.ended", "msg-7"},
                {{"secret", kSecret}, {"auth_token", "hidden-token"}});
    BOOST_TEST(report.error_text == "");
    const WebRequest sent = server.request();
    BOOST_TEST(sent.method == "POST");
    BOOST_TEST(sent.body == R"({"type": "run.ended", "n": 1})");
    BOOST_TEST(sent.headers.at("content-type") == "application/json");
    BOOST_TEST(sent.headers.at("authorization") == "Token hidden-token");
    BOOST_TEST(sent.headers.at("webhook-id") == "msg-7");
    BOOST_TEST(sent.headers.at("webhook-event") == "run.ended");
    const std::int64_t time = std::stoll(sent.headers.at("webhook-timestamp"));
    BOOST_TEST(time >= before);
    BOOST_TEST(time <= now());
    BOOST_TEST(sent.headers.at("webhook-signature") ==
               http::SigningKey::parse(kSecret)->sign("msg-7", time, sent.body));
}

BOOST_AUTO_TEST_CASE(the_id_is_the_same_in_each_attempt_unless_it_is_given) {
    WebServer server({answer(200)});
    host.scheduled_time(foliot::Time(std::chrono::microseconds(1'800'000'000'000'123)));
    for (std::uint32_t attempt = 1; attempt <= 2; ++attempt) {
        host.attempt(attempt, 6);
        BOOST_TEST(deliver({server.url()}).error_text == "");
        const WebRequest sent = server.request(attempt - 1);
        BOOST_TEST(sent.headers.at("webhook-id") == "test-job-1800000000000123");
        BOOST_TEST(!sent.has("webhook-event"));
        BOOST_TEST(!sent.has("webhook-signature"));
        BOOST_TEST(!sent.has("authorization"));
        BOOST_TEST(sent.body == "null");
    }
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_refused_by_name) {
    struct Row {
        Data::Map named;
        std::string text;
    };
    const std::string no_key = "argument 'secret' is no \"whsec_\" with the base64 of 24 to 64 bytes";
    const std::string line_break = "holds a line break, NUL or other control character, which no header can";
    const Row table[] = {{{{"secret", "hidden"}}, no_key},
                         {{{"secret", "whsec_hidden!"}}, no_key},
                         {{{"secret", "whsec_aGlkZGVu"}}, no_key},
                         {{{"secret", "whsec_" + http::base64(std::string(65, 'x'))}}, no_key},
                         {{{"id", "a\r\nb"}}, "argument 'id' " + line_break},
                         {{{"id", " "}}, "argument 'id' begins or ends with a blank"},
                         {{{"id", " abc"}}, "argument 'id' begins or ends with a blank"},
                         {{{"id", "abc\t"}}, "argument 'id' begins or ends with a blank"},
                         {{{"event", "a\nb"}}, "argument 'event' " + line_break},
                         {{{"auth_token", "a\nb"}}, "argument 'auth_token' " + line_break}};
    for (const Row& row : table) {
        const Report report = deliver({"http://127.0.0.1:1/"}, row.named);
        BOOST_TEST(report.error_code == "bad_arguments");
        BOOST_TEST(report.error_text == row.text);
    }
    BOOST_TEST(deliver({"127.0.0.1"}).error_text.starts_with("argument 'url': it does not begin with"));
}

BOOST_AUTO_TEST_SUITE_END()
