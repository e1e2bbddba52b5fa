// What a page of another site makes a browser send.
#include "serving.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// A server that asks nobody who they are, as with auth.enabled = false.
struct Open : Serving {
    std::uint16_t port = 0;
    std::optional<Client> client;

    Open() {
        server = std::make_unique<api::HttpServer>(options, router, [](const api::Evidence&) {
            return std::optional(Principal{-1, "anonymous", Role::admin, Scope::admin, {}});
        });
        client.emplace(server->port());
    }
    int status(const std::string& method, const std::string& path, const std::string& fields) {
        return client->ask(method + " " + path + " HTTP/1.1\r\nHost: here:8888\r\n" + fields + "\r\n").status;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cross_site, Open)

BOOST_AUTO_TEST_CASE(a_page_of_another_origin_changes_nothing) {
    for (const char* fields :
         {"Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n", "Origin: http://evil.example\r\n",
          "Origin: null\r\n", "Origin: http://here:3000\r\n", "Origin: http://here\r\n", "Origin: here:8888\r\n",
          "Origin: http://here:8888.evil.example\r\n", "Sec-Fetch-Site: cross-site\r\nOrigin: http://here:8888\r\n",
          "Sec-Fetch-Site: cross-site\r\nAuthorization: Basic YTpi\r\n"}) {
        BOOST_TEST(status("POST", "/operate", fields) == 403, fields);
        BOOST_TEST(status("DELETE", "/rule", fields) == 403, fields);
        BOOST_TEST(status("OPTIONS", "/own/1", fields) == 403, fields);
        BOOST_TEST(status("GET", "/view", fields) == 200, fields);
        BOOST_TEST(status("OPTIONS", "/view", fields) == 200, fields);
    }
}

BOOST_AUTO_TEST_CASE(our_own_pages_and_programs_do) {
    for (const char* fields :
         {"", "Sec-Fetch-Site: same-origin\r\n", "Sec-Fetch-Site: none\r\n", "Origin: http://here:8888\r\n",
          "Origin: HTTPS://HERE:8888\r\n", "Sec-Fetch-Site: same-origin\r\nOrigin: https://proxy.example\r\n",
          "Sec-Fetch-Site: cross-site\r\nAuthorization: Token abc\r\n",
          "Origin: http://evil.example\r\nAuthorization: Bearer abc\r\n"}) {
        BOOST_TEST(status("POST", "/operate", fields) == 200, fields);
        BOOST_TEST(status("OPTIONS", "/own/1", fields) == 200, fields);
    }
}

BOOST_AUTO_TEST_CASE(a_preflight_reaches_no_handler_and_is_granted_nothing) {
    for (const char* path : {"/own/1", "/operate", "/view"}) {
        const Answer answer = client->ask("OPTIONS " + std::string(path) +
                                          " HTTP/1.1\r\nHost: here:8888\r\nOrigin: http://evil.example\r\n"
                                          "Access-Control-Request-Method: POST\r\n\r\n");
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(answer.body.empty());
        BOOST_TEST(answer.has("Allow: "));
        BOOST_TEST(!answer.has("Access-Control-"));
    }
    BOOST_TEST(status("OPTIONS", "/nowhere", "Access-Control-Request-Method: POST\r\n") == 404);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// A server to which a browser has logged in: session "mine", of an Operator.
struct LoggedIn : Serving {
    Client client{start()};

    Answer ask(const std::string& method, const std::string& path, const std::string& fields) {
        return client.ask(method + " " + path + " HTTP/1.1\r\nHost: here:8888\r\n" + fields + "\r\n");
    }
    int status(const std::string& method, const std::string& path, const std::string& fields) {
        return ask(method, path, "Cookie: foliot_session=mine\r\n" + fields).status;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(session_cookie, LoggedIn)

BOOST_AUTO_TEST_CASE(with_a_cookie_only_our_own_pages_change_something) {
    for (const char* fields : {"Sec-Fetch-Site: same-origin\r\n", "Origin: http://here:8888\r\n",
                               "Origin: https://HERE:8888\r\n", "Sec-Fetch-Site: none\r\n"}) {
        BOOST_TEST(status("POST", "/operate", fields) == 200, fields);
        BOOST_TEST(status("GET", "/view", fields) == 200, fields);
    }
    for (const char* fields :
         {"Sec-Fetch-Site: same-site\r\n", "Sec-Fetch-Site: cross-site\r\nOrigin: http://here:8888\r\n",
          "Origin: null\r\n", "Origin: http://here:3000\r\n", "Origin: \r\n", "Referer: http://here:8888/\r\n",
          "Sec-Fetch-Mode: cors\r\n"}) {
        BOOST_TEST(status("POST", "/operate", fields) == 403, fields);
        BOOST_TEST(status("GET", "/view", fields) == 200, fields);
    }
    add("OPTIONS", "/resume", api::Access::viewer, Scope::read, [](const api::Request&) { return text("resumed"); });
    BOOST_TEST(status("POST", "/operate", "") == 200, "no browser sends that");
    BOOST_TEST(status("OPTIONS", "/resume", "") == 200);
    BOOST_TEST(status("OPTIONS", "/resume", "Origin: http://there\r\n") == 403);
    BOOST_TEST(status("OPTIONS", "/resume", "Origin: http://here:8888\r\n") == 200);
    BOOST_TEST(status("DELETE", "/rule", "Origin: http://here:8888\r\n") == 403, "no Admin");
}

BOOST_AUTO_TEST_CASE(a_cookie_is_not_looked_at_beside_other_credentials) {
    BOOST_TEST(ask("GET", "/view", "Cookie: foliot_session=mine\r\n").body == "s");
    BOOST_TEST(ask("GET", "/view", "Cookie: foliot_session=mine\r\nAuthorization: viewer\r\n").body == "v");
    const Answer wrong = ask("GET", "/view", "Cookie: foliot_session=mine\r\nAuthorization: wrong\r\n");
    BOOST_TEST(wrong.status == 401);
    BOOST_TEST(!wrong.has("Set-Cookie"));
    BOOST_TEST(status("POST", "/operate", "Authorization: admin\r\n") == 200);
}

BOOST_AUTO_TEST_CASE(a_cookie_that_is_good_no_more_is_taken_away) {
    const std::string taken = "Set-Cookie: foliot_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict\r\n";
    for (const char* cookie : {"foliot_session=over", "foliot_session=", "a=b;foliot_session=over; c=d",
                               "foliot_session=mine; foliot_session=mine"}) {
        const Answer answer = ask("GET", "/view", "Cookie: " + std::string(cookie) + "\r\n");
        BOOST_TEST(answer.status == 401, cookie);
        BOOST_TEST(answer.has(taken), answer.head);
    }
    const Answer twice = ask("GET", "/view", "Cookie: foliot_session=mine\r\nCookie: foliot_session=other\r\n");
    BOOST_TEST(twice.status == 401);
    for (const char* cookie : {"", "Cookie: other=mine\r\n", "Cookie: xfoliot_session=mine\r\n",
                               "Cookie: Foliot_Session=mine\r\n", "Cookie: foliot_session\r\n"}) {
        const Answer answer = ask("GET", "/view", cookie);
        BOOST_TEST(answer.status == 401, cookie);
        BOOST_TEST(!answer.has("Set-Cookie"), answer.head);
    }
    BOOST_TEST(ask("GET", "/any", "Cookie: foliot_session=over\r\n").status == 200);
}

BOOST_AUTO_TEST_CASE(a_cookie_is_found_among_others) {
    for (const char* cookie : {"a=b; foliot_session=mine", "foliot_session=mine;a=b", " ;; foliot_session = mine ;"})
        BOOST_TEST(ask("GET", "/view", "Cookie: " + std::string(cookie) + "\r\n").body == "s", cookie);
}

BOOST_AUTO_TEST_SUITE_END()
