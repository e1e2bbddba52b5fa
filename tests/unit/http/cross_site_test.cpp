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
        server = std::make_unique<api::HttpServer>(options, router, [](std::string_view, std::string_view) {
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
