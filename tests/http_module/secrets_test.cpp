// Secrets are sent, and told to nobody else: not even when what they were sent to sends them back.
#include "http_module/module_fixture.hpp"

namespace {

using namespace foliot::testing;

const std::string kSigningSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

bool tells(const Report& report, const std::string& secret) {
    std::string all = report.result + report.error_text + report.error_code;
    for (const LogLine& line : report.log) all += line.text + line.fields;
    return contains(all, secret);
}

/// Answers with what it was sent.
struct Echo {
    int status;
    void operator()(WebConnection& connection, WebServer& server) const {
        const WebRequest request = server.receive(connection);
        std::string body = request.body;
        for (const auto& [name, value] : request.headers) body += name + "=" + value + "\n";
        const auto token = request.headers.find("authorization");
        connection.send(answer(status, token == request.headers.end() ? "" : "ETag: " + token->second + "\r\n", body));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(secrets, HttpModule)

BOOST_AUTO_TEST_CASE(an_echo_is_masked) {
    for (const int status : {200, 500}) {
        WebServer server(Echo{status});
        const Report posted = post({server.url(), nullptr, "hidden-token"});
        BOOST_TEST(contains(posted.result, "authorization=Token [secret]"), posted.result);
        BOOST_TEST(contains(posted.result, R"("etag":"Token [secret]")"), posted.result);
        BOOST_TEST(!tells(posted, "hidden-token"));
        const Report sent =
            request({server.url()}, {{"secret_headers", Data::Map{{"X-A", "hidden"}, {"X-B", "hidden-longer"}}}});
        BOOST_TEST(contains(sent.result, "x-a=[secret]"), sent.result);
        BOOST_TEST(contains(sent.result, "x-b=[secret]\\n"), sent.result);
        BOOST_TEST(!tells(sent, "hidden"));
        const Report delivered =
            deliver({server.url()}, {{"body", kSigningSecret}, {"secret", kSigningSecret}, {"auth_token", "hidden"}});
        BOOST_TEST(contains(delivered.result, "[secret]"), delivered.result);
        BOOST_TEST(!tells(delivered, kSigningSecret));
        BOOST_TEST(!tells(delivered, "hidden"));
    }
}

// A server that reads what it is sent may tell a part of it.
BOOST_AUTO_TEST_CASE(credentials_are_masked_without_their_scheme_too) {
    struct Row {
        const char *header, *hidden;
    };
    const Row table[] = {{"Bearer hidden-token", "hidden-token"},
                         {"token  hidden-token ", "hidden-token"},
                         {"Basic b2xnYTpvcGVuOnNlc2FtZQ==", "b2xnYTpvcGVuOnNlc2FtZQ=="},
                         {"Basic b2xnYTpvcGVuOnNlc2FtZQ==", "open:sesame"},
                         {" hidden-key ", "hidden-key"}};
    for (const Row& row : table) {
        WebServer server({answer(200, "", "You sent " + std::string(row.hidden) + ".")});
        const Report report = request({server.url()}, {{"secret_headers", Data::Map{{"Authorization", row.header}}}});
        BOOST_TEST(contains(report.result, "You sent [secret]."), report.result);
    }
}

BOOST_AUTO_TEST_CASE(neither_failures_nor_refusals_tell_them) {
    const Data::Map hidden{{"secret_headers", Data::Map{{"X-A", "hidden-key"}}}};
    for (const char* url : {"http://127.0.0.1:1/", "http://169.254.169.254/", "http://no-such.invalid/", "nothing",
                            "http://a:hidden-key@127.0.0.1/"}) {
        BOOST_TEST(!tells(request({url}, hidden), "hidden-key"), url);
        BOOST_TEST(!tells(post({url, nullptr, "hidden-key"}), "hidden-key"), url);
    }
    BOOST_TEST(!tells(post({"http://127.0.0.1:1/", nullptr, "hidden-key\n"}), "hidden-key"));
    BOOST_TEST(
        !tells(request({"http://127.0.0.1:1/"}, {{"secret_headers", Data::Map{{"X", "hidden-key\n"}}}}), "hidden-key"));
    BOOST_TEST(!tells(deliver({"http://127.0.0.1:1/"}, {{"secret", "hidden-key"}}), "hidden-key"));
}

BOOST_AUTO_TEST_CASE(what_stands_behind_the_question_mark_is_not_logged) {
    WebServer server({answer(200), answer(302, "Location: /next?key=hidden-key\r\n"), answer(500)});
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(!tells(request({server.url("/a?key=hidden-key")}, {{"follow_redirects", 1}}), "hidden-key"));
    BOOST_TEST(server.request(2).target == "/next?key=hidden-key");
}

BOOST_AUTO_TEST_SUITE_END()
