// Login over REST, as a browser does it, on a real server.
#include "app/fixture.hpp"
#include "service/secrets.hpp"

namespace foliot::testing {
namespace {

using Headers = HttpClient::Headers;

struct LoginFixture : ServerFixture {
    const std::string password = "correct horse";
    std::string cookie;  ///< as the browser sends it

    void start_with_ann() {
        start();
        const auto added = server->client().post(
            "/api/v1/users", R"({"name":"ann","groups":["Operators"],"password":")" + password + "\"}");
        BOOST_REQUIRE_MESSAGE(added.status == 201, added.body);
    }
    Reply send(const std::string& method, const std::string& path, const std::string& body = {},
               const Headers& headers = {}) const {
        return HttpClient(server->port(), "").send(method, path, body, headers);
    }
    Reply post_login(const std::string& with, Headers headers = {}) const {
        headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        return send("POST", "/login", "username=ann&password=" + with, headers);
    }
    void log_in() {
        const Reply reply = post_login("correct+horse");
        BOOST_REQUIRE_MESSAGE(reply.status == 302, reply.body);
        const std::string& given = reply.headers.at("set-cookie");
        cookie = given.substr(0, given.find(';'));
    }
    std::string origin() const { return "http://127.0.0.1:" + std::to_string(server->port()); }
    /// What a page of `from` makes the browser send.
    Reply as_browser(const std::string& method, const std::string& path, const std::string& body,
                     const std::string& from) const {
        return send(method, path, body, {{"Cookie", cookie}, {"Origin", from}});
    }
    Reply as_browser(const std::string& method, const std::string& path, const std::string& body = {}) const {
        return as_browser(method, path, body, origin());
    }
    int status_of_get() const { return send("GET", "/api/v1/users/me", "", {{"Cookie", cookie}}).status; }
};

const std::string kJob = R"({"id":"a","func":"tasks:ok","trigger":"interval","weeks":50})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(login, LoginFixture)

BOOST_AUTO_TEST_CASE(whoever_has_logged_in_uses_every_dialect_until_the_logout) {
    start_with_ann();
    log_in();
    BOOST_TEST(as_browser("GET", "/api/v1/users/me").body.find("\"name\":\"ann\"") != std::string::npos);
    BOOST_TEST(as_browser("POST", "/scheduler/jobs", kJob).status == 200);
    BOOST_TEST(as_browser("PATCH", "/api/v1/jobs/a").status == 200);
    BOOST_TEST(as_browser("OPTIONS", "/api/v1/jobs/a").status == 200);
    BOOST_TEST(as_browser("GET", "/schedules").status == 200);
    BOOST_TEST(as_browser("GET", "/api/v1/users").status == 403, "an Operator");
    BOOST_TEST(server->client().get("/api/v1/logs").body.find("\"user\": \"ann\"") != std::string::npos);
    BOOST_TEST(as_browser("POST", "/logout").status == 302);
    BOOST_TEST(status_of_get() == 401);
    BOOST_TEST(as_browser("DELETE", "/scheduler/jobs/a").status == 401);
    BOOST_TEST(server->log().find("ann has logged in from 127.0.0.1") != std::string::npos, server->log());
    BOOST_TEST(server->log().find("ann has logged out") != std::string::npos);
    BOOST_TEST(server->log().find(cookie.substr(cookie.find('=') + 1)) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_page_of_another_origin_gets_nothing_done) {
    start_with_ann();
    log_in();
    for (const char* from : {"http://evil.example", "http://127.0.0.1:1", "null"}) {
        BOOST_TEST(as_browser("POST", "/scheduler/jobs", kJob, from).status == 403, from);
        BOOST_TEST(as_browser("OPTIONS", "/api/v1/jobs/a", "", from).status == 403, from);
        BOOST_TEST(as_browser("GET", "/logout", "", from).status == 403, from);
    }
    const auto referred = send("POST", "/scheduler/jobs", kJob, {{"Cookie", cookie}, {"Referer", "http://x/"}});
    BOOST_TEST(referred.status == 403);
    BOOST_TEST(server->client().get("/scheduler/jobs").body == "[]");
    BOOST_TEST(send("POST", "/scheduler/jobs", kJob, {{"Cookie", cookie}}).status == 200, "a program");
    BOOST_TEST(status_of_get() == 200);
}

BOOST_AUTO_TEST_CASE(the_cookie_is_for_this_server_alone_and_for_tls_where_that_is_used) {
    settings.emplace_back("http.trusted_proxies=127.0.0.1");
    start_with_ann();
    const std::string plain = post_login("correct+horse").headers.at("set-cookie");
    const std::string attributes = "; Max-Age=86400; Path=/; HttpOnly; SameSite=Strict";
    BOOST_TEST(plain.starts_with("foliot_session="));
    BOOST_TEST(plain.ends_with(attributes), plain);
    const auto tls = post_login("correct+horse", {{"X-Forwarded-Proto", "https"}});
    BOOST_TEST(tls.headers.at("set-cookie").ends_with(attributes + "; Secure"));
    const auto wrong = post_login("wrong", {{"X-Forwarded-Proto", "https"}});
    BOOST_TEST(wrong.headers.at("set-cookie").ends_with("Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure"));
}

BOOST_AUTO_TEST_CASE(who_is_no_trusted_proxy_is_not_believed_about_tls) {
    start_with_ann();
    const auto reply = post_login("correct+horse", {{"X-Forwarded-Proto", "https"}});
    BOOST_TEST(reply.headers.at("set-cookie").find("Secure") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(sessions_outlive_the_server_and_end_with_the_password) {
    start_with_ann();
    log_in();
    server->stop();
    start();
    BOOST_TEST(status_of_get() == 200);
    const std::string other = R"({"password":"battery staple","current_password":"correct horse"})";
    BOOST_TEST(as_browser("PATCH", "/api/v1/users/me", other).status == 200);
    BOOST_TEST(status_of_get() == 401);
    BOOST_TEST(post_login("correct+horse").status == 401);
    BOOST_TEST(post_login("battery+staple").status == 302);
}

BOOST_AUTO_TEST_CASE(a_session_ends_by_itself) {
    settings.emplace_back("http.session_age=2");
    start_with_ann();
    log_in();
    BOOST_TEST(wait_until([&] { return status_of_get() == 401; }));
    const auto reply = as_browser("GET", "/api/v1/users/me");
    BOOST_TEST(reply.headers.at("set-cookie").starts_with("foliot_session=; Max-Age=0;"));
}

BOOST_AUTO_TEST_CASE(another_login_and_a_failed_one_end_the_session_of_the_cookie) {
    start_with_ann();
    log_in();
    const std::string first = cookie;
    BOOST_TEST(post_login("correct+horse", {{"Cookie", first}}).status == 302);
    BOOST_TEST(status_of_get() == 401);
    log_in();
    BOOST_TEST(post_login("wrong", {{"Cookie", cookie}}).status == 401);
    BOOST_TEST(status_of_get() == 401);
}

BOOST_AUTO_TEST_CASE(guesses_are_throttled) {
    start_with_ann();
    log_in();
    Reply reply;
    int tries = 0;
    do reply = post_login("guess" + std::to_string(tries));
    while (reply.status == 401 && ++tries < 15);
    BOOST_TEST(tries == 10);
    BOOST_TEST(reply.status == 429);
    BOOST_TEST(reply.headers.contains("retry-after"));
    BOOST_TEST(reply.body.starts_with("{\"error\": "), reply.body);
    BOOST_TEST(status_of_get() == 200, "who is in stays in");
}

BOOST_AUTO_TEST_CASE(no_secret_is_written_anywhere) {
    settings.emplace_back("log.level=debug");
    start_with_ann();
    log_in();
    BOOST_TEST(status_of_get() == 200);
    BOOST_TEST(send("POST", "/login?username=ann&password=correct%20horse").status == 302);
    server->stop();
    std::string kept;
    for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
        if (entry.is_regular_file()) kept += read_file(entry.path().string());
    }
    for (const std::string& secret : {cookie.substr(cookie.find('=') + 1), password, std::string("correct%20horse")}) {
        BOOST_TEST(kept.find(secret) == std::string::npos);
        BOOST_TEST(server->log().find(secret) == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace foliot::testing
