// http:request: what is sent, what is refused, what comes back.
#include "http_module/module_fixture.hpp"

namespace {

using namespace foliot::testing;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(request, HttpModule)

BOOST_AUTO_TEST_CASE(it_sends_any_method_with_these_headers) {
    WebServer server({answer(200)});
    const Report report = request(
        {server.url("/things?x=1")},
        {{"method", "delete"},
         {"headers", Data::Map{{"X-Plain", "a b"}, {"X-Empty", ""}, {"X-Blank", " \t "}, {"User-Agent", "mine"}}},
         {"secret_headers", Data::Map{{"X-Api-Key", "hidden-key"}}}});
    BOOST_TEST(report.error_text == "");
    const WebRequest sent = server.request();
    BOOST_TEST(sent.method == "DELETE");
    BOOST_TEST(sent.target == "/things?x=1");
    BOOST_TEST(sent.headers.at("x-plain") == "a b");
    BOOST_TEST(sent.headers.at("x-empty") == "");
    BOOST_TEST(sent.headers.at("x-blank") == "");
    BOOST_TEST(sent.headers.at("user-agent") == "mine");
    BOOST_TEST(sent.headers.at("x-api-key") == "hidden-key");
    BOOST_TEST(!sent.has("content-type"));
    BOOST_TEST(!sent.has("content-length"));
    BOOST_TEST(!sent.has("cookie"));
}

BOOST_AUTO_TEST_CASE(a_text_is_sent_as_it_is_and_anything_else_as_json) {
    struct Row {
        const char* method;
        Data body;
        Data::Map headers;
        const char* type;  ///< null: none
        const char* sent;
    };
    const Row table[] = {
        {"POST",
         "a=1&b=\u00e9",
         {{"content-type", "application/x-www-form-urlencoded"}},
         "application/x-www-form-urlencoded",
         "a=1&b=\u00e9"},
        {"PUT", "plain", {}, "text/plain; charset=utf-8", "plain"},
        {"PATCH", Data::Map{{"b", 1.5}, {"a", true}}, {}, "application/json", R"({"b": 1.5, "a": true})"},
        {"GET", Data::List{1}, {}, "application/json", "[1]"},
        {"POST", nullptr, {}, nullptr, ""},
        {"POST", "", {}, "text/plain; charset=utf-8", ""},
        {"PUT", nullptr, {}, nullptr, ""},
    };
    for (const Row& row : table) {
        WebServer server({answer(200)});
        const Report report =
            request({server.url()}, {{"method", row.method}, {"body", row.body}, {"headers", row.headers}});
        BOOST_TEST(report.error_text == "");
        const WebRequest sent = server.request();
        BOOST_TEST(sent.method == row.method);
        BOOST_TEST(sent.body == row.sent);
        BOOST_TEST(sent.headers.at("content-length") == std::to_string(sent.body.size()));
        BOOST_TEST(sent.has("content-type") == (row.type != nullptr));
        if (row.type != nullptr) BOOST_TEST(sent.headers.at("content-type") == row.type);
    }
}

BOOST_AUTO_TEST_CASE(a_large_body_is_sent_without_asking_first) {
    WebServer server({answer(200)});
    const std::string large(3U << 20U, 'x');
    BOOST_TEST(request({server.url()}, {{"method", "PUT"}, {"body", large}}).error_text == "");
    BOOST_TEST((server.request().body == large));
    BOOST_TEST(!server.request().has("expect"));
}

BOOST_AUTO_TEST_CASE(a_head_has_no_body) {
    WebServer server({"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nETag: x\r\n\r\n"});
    const Report report = request({server.url()}, {{"method", "HEAD"}, {"timeout", 5}});
    BOOST_TEST(report.error_text == "");
    BOOST_TEST(contains(report.result, R"("body":"","truncated":false,"bytes":0)"), report.result);
    BOOST_TEST(server.request().method == "HEAD");
}

BOOST_AUTO_TEST_CASE(what_is_accepted_decides) {
    struct Row {
        Data::List accept;
        int status, outcome;
    };
    const Row table[] = {{{404}, 404, FOLIOT_OK},
                         {{404}, 200, FOLIOT_FAILED},
                         {{"200-399"}, 302, FOLIOT_OK},
                         {{"200-399"}, 400, FOLIOT_FAILED},
                         {{200, "410"}, 410, FOLIOT_OK},
                         {{"500-599", 201}, 503, FOLIOT_OK},
                         {{"500-599", 201}, 200, FOLIOT_FAILED}};
    for (const Row& row : table) {
        WebServer server({answer(row.status)});
        BOOST_TEST(request({server.url()}, {{"accept", row.accept}}).outcome == row.outcome);
    }
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_refused_by_name_and_nothing_is_sent) {
    struct Row {
        Data::Map named;
        std::string text;
    };
    const std::string no_certificates = "is no file of certificates (PEM) that the server's user can read";
    const std::string line_break = "holds a line break, NUL or other control character, which no header can";
    const Row table[] = {
        {{{"method", "GE T"}}, "argument 'method' has other characters than methods have"},
        {{{"method", ""}}, "argument 'method' has other characters than methods have"},
        {{{"method", "GET / HTTP/1.1\r\nX: y"}}, "argument 'method' has other characters than methods have"},
        {{{"method", "CONNECT"}}, "argument 'method': CONNECT is for proxies"},
        {{{"headers", Data::List{}}}, "argument 'headers' is not a valid object"},
        {{{"headers", Data::Map{{"X", 1}}}}, "argument 'headers' is not a valid object"},
        {{{"headers", Data::Map{{"X", "a\r\nY: b"}}}}, "argument 'headers.X' " + line_break},
        {{{"headers", Data::Map{{"X", "a\nb"}}}}, "argument 'headers.X' " + line_break},
        {{{"headers", Data::Map{{"X", std::string("a\0b", 3)}}}}, "argument 'headers.X' " + line_break},
        {{{"headers", Data::Map{{"X: y\r\nZ", "a"}}}},
         "argument 'headers': what should be a header's name has other characters than those have"},
        {{{"headers", Data::Map{{"", "a"}}}},
         "argument 'headers': what should be a header's name has other characters than those have"},
        {{{"headers", Data::Map{{"host", "a"}}}}, "argument 'headers': header 'host' is not for a job to set"},
        {{{"headers", Data::Map{{"Content-Length", "1"}}}},
         "argument 'headers': header 'Content-Length' is not for a job to set"},
        {{{"headers", Data::Map{{"Transfer-Encoding", "chunked"}}}},
         "argument 'headers': header 'Transfer-Encoding' is not for a job to set"},
        {{{"headers", Data::Map{{"X", "a"}, {"x", "b"}}}}, "argument 'headers': header 'x' is given twice"},
        {{{"headers", Data::Map{{"X", "a"}}}, {"secret_headers", Data::Map{{"x", "b"}}}},
         "argument 'secret_headers': header 'x' is given twice"},
        {{{"secret_headers", Data::Map{{"X", "a\r\nhidden"}}}}, "argument 'secret_headers.X' " + line_break},
        {{{"secret_headers", Data::Map{{"X", 1}}}}, "argument 'secret_headers' is not a valid object"},
        {{{"method", "HEAD"}, {"body", 1}}, "argument 'body': a HEAD has none"},
        {{{"timeout", 0}}, "argument 'timeout' (0.0) is smaller than 0.001"},
        {{{"timeout", "5"}}, "argument 'timeout' is not a valid number"},
        {{{"connect_timeout", -1}}, "argument 'connect_timeout' (-1.0) is smaller than 0.001"},
        {{{"follow_redirects", 21}}, "argument 'follow_redirects' (21) is greater than 20"},
        {{{"accept", Data::List{}}}, "argument 'accept' accepts no status"},
        {{{"accept", Data::List{99}}}, "argument 'accept': 99 is no status (100 to 599) or range such as \"200-299\""},
        {{{"accept", Data::List{"299-200"}}},
         "argument 'accept': \"299-200\" is no status (100 to 599) or range such as \"200-299\""},
        {{{"accept", Data::List{"2xx"}}},
         "argument 'accept': \"2xx\" is no status (100 to 599) or range such as \"200-299\""},
        {{{"accept", Data::List{true}}},
         "argument 'accept': true is no status (100 to 599) or range such as \"200-299\""},
        {{{"verify_tls", false}},
         "argument 'verify_tls': certificates are checked unless module.http.config.allow_insecure_tls is true"},
        {{{"ca_file", "/no/such"}}, "argument 'ca_file': '/no/such' " + no_certificates},
        {{{"ca_file", "/etc"}}, "argument 'ca_file': '/etc' " + no_certificates},
        {{{"ca_file", "/dev/zero"}}, "argument 'ca_file': '/dev/zero' " + no_certificates},
        {{{"ca_file", "/etc/passwd"}}, "argument 'ca_file': '/etc/passwd' " + no_certificates},
        {{{"retries", 1}}, "unknown argument 'retries'"},
    };
    WebServer server({answer(200)});
    for (const Row& row : table) {
        const Report report = request({server.url()}, row.named);
        BOOST_TEST(report.outcome == FOLIOT_FAILED_FOR_GOOD, row.text);
        BOOST_TEST(report.error_code == "bad_arguments");
        BOOST_TEST(report.error_text == row.text);
    }
    BOOST_TEST(post({server.url(), nullptr, "a\r\nX: y"}).error_text == "argument 'auth_token' " + line_break);
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_text_comes_as_base64) {
    struct Row {
        std::string body, expected;
    };
    const Row table[] = {{"na\u00efve \U0001F600", R"("body":"na)"
                                                   "\u00efve \U0001F600\""},
                         {"\xFF\xFE", R"("body_base64":"//4=")"},
                         {std::string("a\0b", 3), R"("body_base64":"YQBi")"},
                         {"caf\xC3", R"("body_base64":"Y2Fmww==")"},
                         {"\xED\xA0\x80", R"("body_base64":"7aCA")"},
                         {"", R"("body":"")"}};
    for (const Row& row : table) {
        WebServer server({answer(200, "", row.body)});
        const Report report = request({server.url()});
        BOOST_TEST(contains(report.result, row.expected), report.result);
        BOOST_TEST(contains(report.result, R"("truncated":false,"bytes":)" + std::to_string(row.body.size())));
    }
}

BOOST_AUTO_TEST_CASE(of_a_long_body_the_beginning_is_kept) {
    BOOST_REQUIRE(configure({{"max_body", 4}}).outcome == FOLIOT_OK);
    WebServer server({answer(200, "", "abc\u00e9fg"), answer(200, "", "abcd"), answer(200, "", "a\xFF-cd")});
    // not in the middle of a character
    BOOST_TEST(contains(request({server.url()}).result, R"("body":"abc","truncated":true,"bytes":7)"));
    BOOST_TEST(contains(request({server.url()}).result, R"("body":"abcd","truncated":false,"bytes":4)"));
    BOOST_TEST(contains(request({server.url()}).result, R"("body_base64":"Yf8tYw==","truncated":true,"bytes":5)"));
}

BOOST_AUTO_TEST_CASE(a_packed_answer_is_not_unpacked) {
    const std::string packed("\x1F\x8B\x08\x00", 4);
    WebServer server({answer(200, "Content-Encoding: gzip\r\n", packed)});
    const Report report = request({server.url()}, {{"headers", Data::Map{{"Accept-Encoding", "gzip"}}}});
    BOOST_TEST(contains(report.result, R"("body_base64":"H4sIAA==")"), report.result);
}

BOOST_AUTO_TEST_CASE(nothing_is_taken_from_the_environment) {
    WebServer server({answer(200)});
    WebServer proxy({answer(201)});
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        ::setenv(name, proxy.url().c_str(), 1);
    const Report report = request({server.url()});
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
    BOOST_TEST(report.error_text == "");
    BOOST_TEST(proxy.connections() == 0U);
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
