// Redirects: not followed unless asked, and what goes along when they are.
#include "http_module/module_fixture.hpp"

namespace {

using namespace foliot::testing;

std::string redirect(int status, const std::string& to) { return answer(status, "Location: " + to + "\r\n"); }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(redirects, HttpModule)

BOOST_AUTO_TEST_CASE(a_redirect_is_a_failure_unless_it_is_to_be_followed) {
    for (const int status : {301, 302, 303, 307, 308}) {
        WebServer server({redirect(status, "/other"), answer(200)});
        const Report report = post({server.url("/x"), 1});
        BOOST_TEST(report.outcome == FOLIOT_FAILED);
        BOOST_TEST(report.error_text == "POST " + server.url("/x") + " answered " + std::to_string(status) +
                                            ", and redirects are not followed unless follow_redirects says so");
        BOOST_TEST(contains(report.result, R"("location":"/other")"));
        BOOST_TEST(server.connections() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_followed_redirect_keeps_or_drops_the_body_by_its_status) {
    struct Row {
        int status;
        const char *method, *second;
        bool body;
    };
    const Row table[] = {{301, "POST", "GET", false}, {302, "POST", "GET", false}, {303, "POST", "GET", false},
                         {307, "POST", "POST", true}, {308, "POST", "POST", true}, {301, "PUT", "PUT", true},
                         {302, "PUT", "PUT", true},   {303, "PUT", "GET", false},  {302, "GET", "GET", false},
                         {303, "HEAD", "HEAD", false}};
    for (const Row& row : table) {
        WebServer server({redirect(row.status, "../b?c=d"), answer(200)});
        const bool may_have_body = std::string(row.method) != "HEAD" && std::string(row.method) != "GET";
        const Report report = request({server.url("/a/x")}, {{"method", row.method},
                                                             {"body", may_have_body ? Data("text") : Data()},
                                                             {"headers", Data::Map{{"X-Plain", "1"}}},
                                                             {"secret_headers", Data::Map{{"X-Key", "hidden"}}},
                                                             {"follow_redirects", 1}});
        BOOST_TEST(report.error_text == "");
        const WebRequest sent = server.request(1);
        BOOST_TEST(sent.method == row.second);
        BOOST_TEST(sent.target == "/b?c=d");
        BOOST_TEST(sent.body == (row.body ? "text" : ""));
        BOOST_TEST(sent.has("content-type") == row.body);
        BOOST_TEST(sent.headers.at("x-plain") == "1");
        BOOST_TEST(sent.headers.at("x-key") == "hidden");  // the same origin
        BOOST_TEST(contains(report.result, R"("redirects":1,"url":")" + server.url("/b") + "\""), report.result);
        BOOST_TEST(report.log.size() == 2U);
    }
}

BOOST_AUTO_TEST_CASE(credentials_stay_with_their_origin) {
    WebServer other({answer(200)});
    WebServer server({redirect(307, other.url("/there"))});
    const Report report =
        request({server.url()}, {{"method", "POST"},
                                 {"body", 1},
                                 {"headers", Data::Map{{"Authorization", "Basic eDp5"}, {"Cookie", "a=b"}, {"X", "y"}}},
                                 {"secret_headers", Data::Map{{"X-Key", "hidden"}}},
                                 {"follow_redirects", 1}});
    BOOST_TEST(report.error_text == "");
    BOOST_TEST(server.request().has("authorization"));
    BOOST_TEST(server.request().has("cookie"));
    BOOST_TEST(server.request().has("x-key"));
    const WebRequest sent = other.request();  // the same host, another port
    BOOST_TEST(sent.body == "1");
    BOOST_TEST(sent.headers.at("x") == "y");
    BOOST_TEST(!sent.has("authorization"));
    BOOST_TEST(!sent.has("cookie"));
    BOOST_TEST(!sent.has("x-key"));
}

BOOST_AUTO_TEST_CASE(credentials_that_have_left_do_not_come_back) {
    std::string home;
    WebServer other([&](WebConnection& connection, WebServer& self) {
        self.receive(connection);
        connection.send(redirect(307, home));
    });
    WebServer server({redirect(307, other.url("/there")), answer(200)});
    home = server.url("/back");
    const Report report = post({server.url(), 1, "hidden-token"}, {{"follow_redirects", 2}});
    BOOST_TEST(report.error_text == "");
    BOOST_TEST(server.request(0).has("authorization"));
    BOOST_TEST(!other.request().has("authorization"));
    BOOST_TEST(!server.request(1).has("authorization"));
}

BOOST_AUTO_TEST_CASE(there_is_a_most_of_redirects) {
    WebServer server({redirect(302, "/again")});
    const Report report = request({server.url()}, {{"follow_redirects", 3}});
    BOOST_TEST(report.outcome == FOLIOT_FAILED);
    BOOST_TEST(server.connections() == 4U);
    BOOST_TEST(contains(report.error_text, "answered 302 after 3 redirects, all that follow_redirects allows"));
}

BOOST_AUTO_TEST_CASE(the_configuration_may_follow_and_a_job_may_not) {
    BOOST_REQUIRE(configure({{"follow_redirects", 1}}).outcome == FOLIOT_OK);
    WebServer server({redirect(302, "/b"), answer(200), redirect(302, "/b")});
    BOOST_TEST(post({server.url()}).outcome == FOLIOT_OK);
    BOOST_TEST(post({server.url()}, {{"follow_redirects", 0}}).outcome == FOLIOT_FAILED);
}

BOOST_AUTO_TEST_CASE(a_redirect_leads_only_to_where_a_request_may_go) {
    for (const std::string to : {"ftp://127.0.0.1/x", "file:///etc/passwd", "http://me:hidden@127.0.0.1/",
                                 "http://:1:2/", "http://169.254.169.254/latest/meta-data/",
                                 "//[::ffff:169.254.169.254]/", "http://0.0.0.0/", "http://2852039166/"}) {
        WebServer server({redirect(302, to)});
        const Report report = request({server.url()}, {{"follow_redirects", 5}});
        BOOST_TEST(report.outcome == FOLIOT_FAILED_FOR_GOOD, to << ": " << report.error_text);
        BOOST_TEST(contains(report.error_text, " is refused: "), report.error_text);
        BOOST_TEST(!contains(report.error_text, "hidden"));
    }
}

BOOST_AUTO_TEST_CASE(the_timeout_is_for_all_of_them) {
    WebServer server([](WebConnection& connection, WebServer& self) {
        self.receive(connection);
        if (self.requests().size() < 3) {
            connection.send(redirect(302, "/again"));
        } else {
            connection.await_close();
        }
    });
    const Report report = request({server.url()}, {{"follow_redirects", 20}, {"timeout", 0.3}});
    BOOST_TEST(contains(report.result, R"("error":"timeout")"), report.result);
}

BOOST_AUTO_TEST_SUITE_END()
