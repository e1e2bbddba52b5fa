// http:post sends what the Seed Scheduler sent, and judges the answer.
#include "http_module/module_fixture.hpp"

#include <chrono>

namespace {

using namespace foliot::testing;
using namespace std::chrono_literals;

/// A request as it was recorded from a firing schedule, and the arguments that stand for that schedule.
struct Recorded {
    const char* target;
    Data payload;
    Data token;
    const char* authorization;  ///< null: none was sent
    const char* body;
};

const Data kPayload = Data::Map{{"a", Data::List{1, nullptr}}, {"zz", "\u00e9"}, {"run", 1}};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(post, HttpModule)

BOOST_AUTO_TEST_CASE(it_sends_what_was_recorded) {
    const Recorded table[] = {
        {"/200/one", kPayload, "secret", "Token secret", R"({"a": [1, null], "zz": "\u00e9", "run": 1})"},
        {"/200/two", nullptr, nullptr, nullptr, "null"},
        {"/200/three", Data::List{1, 2}, "", "Token ", "[1, 2]"},
    };
    for (const Recorded& row : table) {
        WebServer server({answer(200)});
        const Report report = post({server.url(row.target), row.payload, row.token});
        BOOST_TEST(report.error_text == "");
        const WebRequest sent = server.request();
        BOOST_TEST(sent.method == "POST");
        BOOST_TEST(sent.target == row.target);
        BOOST_TEST(sent.headers.at("content-type") == "application/json");
        BOOST_TEST(sent.has("authorization") == (row.authorization != nullptr));
        if (row.authorization != nullptr) BOOST_TEST(sent.headers.at("authorization") == row.authorization);
        BOOST_TEST(sent.body == row.body);
        BOOST_TEST(sent.headers.at("content-length") == std::to_string(sent.body.size()));
        BOOST_TEST(sent.headers.at("host") == "127.0.0.1:" + std::to_string(server.port()));
        BOOST_TEST(sent.headers.at("user-agent") == std::string("foliot/") + object.module().version);
        BOOST_TEST(!sent.has("expect"));
        BOOST_TEST(!sent.has("accept-encoding"));  // an answer that comes packed could unpack to anything
    }
}

BOOST_AUTO_TEST_CASE(the_answer_is_the_result) {
    WebServer server(
        {answer(201, "Content-Type: application/json\r\nSet-Cookie: a=b\r\nLocation: /x\r\n", R"({"id": 7})")});
    const Report report = post({server.url("/new?key=1")});
    BOOST_TEST(report.outcome == FOLIOT_OK);
    BOOST_TEST(
        report.result.starts_with(
            R"({"status":201,"headers":{"content-type":"application/json","content-length":"9","location":"/x"},)"
            R"("body":"{\"id\": 7}","truncated":false,"bytes":9,"seconds":)"),
        report.result);
    BOOST_REQUIRE(report.log.size() == 1U);
    BOOST_TEST(report.log[0].text == "POST " + server.url("/new") + " answered 201");
    BOOST_TEST(report.log[0].level == FOLIOT_LOG_INFO);
    BOOST_TEST(report.log[0].fields.starts_with(R"({"method":"POST","url":")" + server.url("/new") +
                                                R"(","status":201,"seconds":)"),
               report.log[0].fields);
    BOOST_TEST(server.request().target == "/new?key=1");
}

BOOST_AUTO_TEST_CASE(a_success_is_a_status_of_200_to_299) {
    struct Row {
        int status, outcome;
    };
    const Row table[] = {{200, FOLIOT_OK},     {201, FOLIOT_OK},     {204, FOLIOT_OK},     {299, FOLIOT_OK},
                         {300, FOLIOT_FAILED}, {304, FOLIOT_FAILED}, {400, FOLIOT_FAILED}, {401, FOLIOT_FAILED},
                         {404, FOLIOT_FAILED}, {410, FOLIOT_FAILED}, {429, FOLIOT_FAILED}, {500, FOLIOT_FAILED},
                         {503, FOLIOT_FAILED}, {599, FOLIOT_FAILED}};
    for (const Row& row : table) {
        WebServer server({answer(row.status)});
        const Report report = post({server.url()});
        BOOST_TEST(report.outcome == row.outcome, row.status << ": " << report.error_text);
        BOOST_TEST(report.results == 1);
        BOOST_TEST(contains(report.result, "\"status\":" + std::to_string(row.status)));
    }
}

BOOST_AUTO_TEST_CASE(a_failure_says_what_was_answered_and_keeps_it) {
    WebServer server({answer(500, "", "no disk"), answer(201)});
    const Report failed = post({server.url("/a?b=c")});
    BOOST_TEST(failed.outcome == FOLIOT_FAILED);
    BOOST_TEST(failed.error_code == "failure");
    BOOST_TEST(failed.error_text == "POST " + server.url("/a") + " answered 500");
    BOOST_TEST(contains(failed.result, R"("body":"no disk")"));
    BOOST_TEST(post({server.url("/a?b=c")}).outcome == FOLIOT_OK);
}

BOOST_AUTO_TEST_CASE(interim_answers_are_no_answers) {
    WebServer server({"HTTP/1.1 103 Early Hints\r\nLocation: /early\r\n\r\n" + answer(200, "ETag: x\r\n")});
    const Report report = post({server.url()});
    BOOST_TEST(report.outcome == FOLIOT_OK);
    BOOST_TEST(contains(report.result, R"("headers":{"content-length":"0","etag":"x"})"), report.result);
}

BOOST_AUTO_TEST_CASE(a_refused_connection_is_a_failure_that_is_retried) {
    std::uint16_t port = 0;
    { port = WebServer({answer(200)}).port(); }
    const Report report = post({"http://127.0.0.1:" + std::to_string(port) + "/x?y"});
    BOOST_TEST(report.outcome == FOLIOT_FAILED);
    BOOST_TEST(report.result.starts_with(R"({"status":null,"error":"connect","seconds":)"), report.result);
    BOOST_TEST(report.error_text.starts_with("POST http://127.0.0.1:" + std::to_string(port) + "/x failed: "),
               report.error_text);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_unknown_is_a_failure_that_is_retried) {
    const Report report = post({"http://does-not-exist.invalid/"});
    BOOST_TEST(report.outcome == FOLIOT_FAILED);
    BOOST_TEST(contains(report.result, R"("error":"resolve")"), report.result);
    BOOST_TEST(contains(report.error_text, "does-not-exist.invalid"));
}

BOOST_AUTO_TEST_CASE(a_url_that_is_none_is_not_retried) {
    struct Row {
        std::string url;
        const char* text;
    };
    const Row table[] = {
        {"", "argument 'endpoint': it "},
        {"example.org/x", "argument 'endpoint': it does not begin with http:// or https://"},
        {"/x", "argument 'endpoint': it does not begin with http:// or https://"},
        {"ftp://example.org/", "argument 'endpoint': it does not begin with http:// or https://"},
        {"file:///etc/passwd", "argument 'endpoint': it does not begin with http:// or https://"},
        {"gopher://127.0.0.1/", "argument 'endpoint': it does not begin with http:// or https://"},
        {"http://", "argument 'endpoint': it is no URL: "},
        {"http://127.0.0.1:99999/", "argument 'endpoint': it is no URL: "},
        {"http://127.0.0.1:port/", "argument 'endpoint': it is no URL: "},
        {"http://[::1/", "argument 'endpoint': it is no URL: "},
        {"http://me:hidden@127.0.0.1/", "argument 'endpoint': it holds a name or password, "},
        {"http://me@127.0.0.1/", "argument 'endpoint': it holds a name or password, "},
        {"http://127.0.0.1/\r\nX-Evil: 1", "argument 'endpoint': it is no URL: "},
        {std::string("http://127.0.0.1/\0x", 19), "argument 'endpoint': it holds a NUL character"},
        {"http://ex\u00e4mple.org/", "argument 'endpoint': its host name has other than ASCII letters, "},
        {"http://127.0.0.1\uff0f/", "argument 'endpoint': its host name has other than ASCII letters, "},
    };
    for (const Row& row : table) {
        const Report report = post({row.url});
        BOOST_TEST(report.outcome == FOLIOT_FAILED_FOR_GOOD, row.url);
        BOOST_TEST(report.error_code == "bad_arguments", row.url);
        BOOST_TEST(report.error_text.starts_with(row.text), row.url << ": " << report.error_text);
        BOOST_TEST(!contains(report.error_text, "hidden"));
    }
}

BOOST_AUTO_TEST_CASE(blanks_and_other_characters_in_a_path_are_encoded) {
    WebServer server({answer(200)});
    BOOST_TEST(post({server.url("/a b/\u00e9?c d#part")}).error_text == "");
    BOOST_TEST(server.request().target == "/a%20b/%c3%a9?c+d");
}

BOOST_AUTO_TEST_CASE(who_asks_for_patience_gets_it) {
    const std::string wait = "Retry-After: 17\r\n";
    const std::string date = "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n";
    const std::string past = "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    struct Case {
        std::string answer;
        std::uint32_t attempt;
        int outcome;
        std::chrono::microseconds delay;
    };
    const Case table[] = {
        {answer(429, wait), 1, FOLIOT_RETRY_AFTER, 17s},
        {answer(503, wait), 5, FOLIOT_RETRY_AFTER, 17s},
        {answer(503, date), 1, FOLIOT_RETRY_AFTER, 1h},
        {answer(503, past), 1, FOLIOT_RETRY_AFTER, 1s},
        {answer(503, wait), 6, FOLIOT_FAILED, 0s},  // the last attempt
        {answer(500, wait), 1, FOLIOT_FAILED, 0s},
        {answer(503), 1, FOLIOT_FAILED, 0s},
        {answer(503, "Retry-After: soon\r\n"), 1, FOLIOT_FAILED, 0s},
    };
    for (const Case& row : table) {
        WebServer server({row.answer});
        host.attempt(row.attempt, 6);
        const Report report = post({server.url()});
        BOOST_TEST(report.outcome == row.outcome, row.answer);
        BOOST_TEST(report.delay.count() == row.delay.count(), row.answer);
        BOOST_TEST(contains(report.result, R"("status":)"), row.answer);
    }
}

BOOST_AUTO_TEST_CASE(what_it_says_of_itself_sets_the_retries_of_the_original) {
    const std::string meta = object.job("post").meta_json;
    BOOST_TEST(contains(meta, R"("max_retries":5,"first_delay_us":5000000,"backoff":2.0,"max_delay_us":300000000)"));
    BOOST_TEST(contains(
        meta,
        R"({"name":"auth_token","type":"string","help":"sent as \"Authorization: Token ...\"","required":false,"secret":true})"));
}

BOOST_AUTO_TEST_SUITE_END()
