// Kragle's two logins, by cookie and in the body, over a real server: what they share with the others, and that no
// password stays anywhere.
#include "app/fixture.hpp"

namespace foliot::testing {
namespace {

using Headers = HttpClient::Headers;

struct KragleFixture : ServerFixture {
    const std::string password = "correct horse";

    void start_with_ann() {
        start();
        const auto added = server->client().post(
            "/api/v1/users",
            R"({"name":"ann","email":"ann@example.org","groups":["Operators"],"password":")" + password + "\"}");
        BOOST_REQUIRE_MESSAGE(added.status == 201, added.body);
    }
    Reply send(const std::string& method, const std::string& path, const std::string& body = {},
               const Headers& headers = {}) const {
        return HttpClient(server->port(), "").send(method, path, body, headers);
    }
    static std::string ann(const std::string& with) { return R"({"username":"ann","password":")" + with + "\"}"; }
    static std::string within(const std::string& login, const std::string& payload) {
        return R"({"auth":)" + login + R"(,"payload":)" + payload + "}";
    }
    Reply add_by(const std::string& login) const {
        return send("POST", "/schedules", within(login, R"({"config":{"period":3600}})"));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(kragle_login, KragleFixture)

BOOST_AUTO_TEST_CASE(guesses_in_every_way_are_counted_together) {
    start_with_ann();
    BOOST_TEST(add_by(ann(password)).status == 200);
    int tries = 0;
    for (; tries < 4; ++tries) BOOST_TEST(add_by(ann("guess" + std::to_string(tries))).status == 401);
    for (; tries < 8; ++tries) {
        const std::string guess = R"({"email":"ann@example.org","password":"guess)" + std::to_string(tries) + "\"}";
        BOOST_TEST(send("POST", "/authenticate", guess).status == 401);
    }
    BOOST_TEST(
        send("POST", "/login", "username=ann&password=guess", {{"Content-Type", "application/x-www-form-urlencoded"}})
            .status == 401);
    BOOST_TEST(send("GET", "/schedules", "", {{"Authorization", basic("ann:guess")}}).status == 401);
    for (const Reply& reply : {add_by(ann("guess")), send("POST", "/api/v1/authenticate", ann("guess"))}) {
        BOOST_TEST(reply.status == 429);
        BOOST_TEST(reply.headers.contains("retry-after"));
        BOOST_TEST(reply.body.starts_with("{\"code\": 3, "), reply.body);
    }
    BOOST_TEST(send("GET", "/schedules", "", {{"Authorization", basic("ann:guess")}}).status == 429);
    BOOST_TEST(send("GET", "/schedules").status == 200, "a guest tries nothing");
    BOOST_TEST(add_by(ann(password)).status == 200, "it was right a moment ago");
}

BOOST_AUTO_TEST_CASE(a_password_in_a_body_is_written_nowhere) {
    settings.emplace_back("log.level=debug");
    start_with_ann();
    BOOST_TEST(add_by(ann(password)).status == 200);
    const std::string wrong = "battery staple";
    BOOST_TEST(add_by(ann(wrong)).status == 401);
    BOOST_TEST(send("POST", "/authenticate", ann(password)).status == 200);
    BOOST_TEST(send("POST", "/authenticate", ann(wrong)).status == 401);
    const auto keyed =
        send("POST", "/schedules", within(ann(password), R"({"config":{"period":60}})"), {{"Idempotency-Key", "k"}});
    BOOST_TEST(keyed.status == 200, keyed.body);
    BOOST_TEST(server->log().find("ann has logged in from 127.0.0.1") != std::string::npos);
    BOOST_TEST(server->log().find("POST /schedules 200") != std::string::npos);
    server->stop();
    std::string kept;
    for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
        if (entry.is_regular_file()) kept += read_file(entry.path().string());
    }
    for (const std::string& secret : {password, wrong}) {
        BOOST_TEST(kept.find(secret) == std::string::npos);
        BOOST_TEST(server->log().find(secret) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_login_in_the_body_ends_with_the_password_and_follows_the_role) {
    start_with_ann();
    BOOST_TEST(add_by(ann(password)).status == 200);
    auto admin = server->client();
    BOOST_TEST(admin.send("PATCH", "/api/v1/users/2", R"({"groups":["Viewers"]})").status == 200);
    BOOST_TEST(add_by(ann(password)).status == 403);
    BOOST_TEST(admin.send("PATCH", "/api/v1/users/2", R"({"groups":["Admins"],"password":"another one"})").status ==
               200);
    BOOST_TEST(add_by(ann(password)).status == 401);
    BOOST_TEST(add_by(ann("another one")).status == 200);
    BOOST_TEST(admin.send("PATCH", "/api/v1/users/2", R"({"active":false})").status == 200);
    BOOST_TEST(add_by(ann("another one")).status == 401);
}

BOOST_AUTO_TEST_CASE(guests_meet_the_rules_of_the_front_door) {
    start_with_ann();
    const auto other = send_raw(server->port(), "GET /schedules HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    BOOST_TEST(other.status == 421);
    BOOST_TEST(other.body.starts_with("{\"code\": 1, "), other.body);
    const auto page = send("GET", "/schedules", "", {{"Origin", "http://evil.example"}});
    BOOST_TEST(page.status == 200);
    BOOST_TEST(!page.headers.contains("access-control-allow-origin"), "the page cannot read it");
    BOOST_TEST(page.headers.at("cache-control") == "no-store");
}

BOOST_AUTO_TEST_CASE(what_strangers_send_is_bounded) {
    settings.emplace_back("http.max_body=2048");
    start_with_ann();
    BOOST_TEST(add_by(ann(std::string(3'000, 'x'))).status == 413);
    std::string many = "[0";
    for (int i = 0; i < 900; ++i) many += ",0";
    const auto reply = send("POST", "/schedules", within(ann(password), many + "]"));
    BOOST_TEST(reply.status == 400, "what is within the bounds is looked at");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace foliot::testing
