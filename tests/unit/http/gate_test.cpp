// From route to answer: who is told what, in which order.
#include "serving.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

std::string ask(const std::string& method, const std::string& path, const std::string& credentials) {
    const std::string field = credentials.empty() ? "" : "Authorization: " + credentials + "\r\n";
    return method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + field + "\r\n";
}

std::string tell(const std::string& body, const std::string& fields = {}, const std::string& path = "/told") {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields +
           "\r\n" + body;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(gate, Serving)

BOOST_AUTO_TEST_CASE(each_credential_meets_each_route) {
    struct Row {
        const char *method, *path, *credentials;
        int status;
    };
    const Row table[] = {
        {"GET", "/nowhere", "", 404},
        {"GET", "/nowhere", "wrong", 404},
        {"GET", "/any", "", 200},
        {"GET", "/any", "wrong", 200},
        {"GET", "/any", "away", 200},
        {"GET", "/view", "away", 418},
        {"GET", "/any", "guessing", 200},
        {"GET", "/view", "guessing", 429},
        {"POST", "/any", "", 405},
        {"GET", "/guest", "", 200},
        {"GET", "/guest", "viewer", 200},
        {"GET", "/guest", "admin-read", 200},
        {"GET", "/guest", "wrong", 401},
        {"GET", "/guest", "away", 418},
        {"GET", "/guest", "guessing", 429},
        {"POST", "/guest", "", 405},
        {"POST", "/guest", "wrong", 405},
        {"GET", "/view", "", 401},
        {"GET", "/view", "wrong", 401},
        {"GET", "/view", "viewer", 200},
        {"GET", "/view", "admin-read", 200},
        {"PUT", "/view", "", 401},
        {"PUT", "/view", "viewer", 405},
        {"POST", "/operate", "", 401},
        {"POST", "/operate", "viewer", 403},
        {"POST", "/operate", "operator", 200},
        {"POST", "/operate", "admin", 200},
        {"POST", "/operate", "admin-read", 403},
        {"DELETE", "/rule", "viewer", 403},
        {"DELETE", "/rule", "operator", 403},
        {"DELETE", "/rule", "admin", 200},
        {"DELETE", "/rule", "admin-read", 403},
        {"GET", "/flask/x", "", 405},
        {"POST", "/flask/x", "", 401},
        {"POST", "/flask/x", "viewer", 200},
        {"GET", "/flask/y", "", 404},
        {"OPTIONS", "/view", "", 200},
        {"OPTIONS", "/nowhere", "", 404},
        {"GET", "/view", "broken", 500},
        {"GET", "/own/%zz", "", 400},
        {"GET", "/view?a=%zz", "viewer", 400},
    };
    Client client(start());
    for (const Row& row : table) {
        BOOST_TEST_CONTEXT(row.method << " " << row.path << " as '" << row.credentials << "'") {
            BOOST_TEST(client.ask(ask(row.method, row.path, row.credentials)).status == row.status);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_guest_is_nobody_and_a_user_is_known) {
    Client client(start());
    BOOST_TEST(client.ask(ask("GET", "/guest", "")).body == "a guest");
    BOOST_TEST(client.ask(ask("GET", "/guest", "viewer")).body == "v");
    BOOST_TEST(client.ask(get("/guest", "Cookie: foliot_session=mine\r\n")).body == "s");
    const Answer ended = client.ask(get("/guest", "Cookie: foliot_session=over\r\n"));
    BOOST_TEST(ended.status == 401);
    BOOST_TEST(ended.has("Set-Cookie: foliot_session=; Max-Age=0"));
    BOOST_TEST(client.ask(get("/guest", "Cookie: foliot_session=a; foliot_session=b\r\n")).body == "a guest");
    BOOST_TEST(client.ask(ask("HEAD", "/guest", ""), false).status == 200);
}

BOOST_AUTO_TEST_CASE(a_body_may_tell_who_sends_it_where_the_head_does_not) {
    Client client(start());
    BOOST_TEST(client.ask(tell("ann right do it")).body == "ann: do it");
    BOOST_TEST(client.ask(tell("ann wrong do it")).status == 401);
    BOOST_TEST(client.ask(tell("? right do it")).status == 422, "a login that is none");
    BOOST_TEST(client.ask(tell(" do it")).status == 401);
    BOOST_TEST(client.ask(tell(" do it", "Authorization: operator\r\n")).body == "o:  do it");
    BOOST_TEST(client.ask(tell("ann right do it", "Authorization: operator\r\n")).status == 422, "who is it now?");
    BOOST_TEST(client.ask(tell("ann right do it", "Authorization: wrong\r\n")).status == 401);
    BOOST_TEST(client.ask(tell("ann right do it", "Authorization: viewer\r\n")).status == 403);
    BOOST_TEST(client.ask(tell("ann right do it", "Cookie: foliot_session=mine\r\n")).status == 422);
    BOOST_TEST(client.ask(tell("ann right do it", "Origin: http://evil.example\r\n")).status == 403);
    BOOST_TEST(client.ask(tell("ann right do it", "", "/operate")).status == 401, "not a route that looks for it");
}

BOOST_AUTO_TEST_CASE(a_body_that_may_tell_who_sends_it_is_awaited_however_large) {
    Client client(start());
    const std::string large(100'000, 'x');
    BOOST_TEST(client.ask(tell("ann right " + large)).body == "ann: " + large);
    BOOST_TEST(client.ask(tell(" " + large)).status == 401);
    const std::string head = "POST /told HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\nExpect: 100-continue\r\n";
    BOOST_TEST(Client(server->port()).ask(head + "\r\n").status == 100);
    BOOST_TEST(Client(server->port()).ask(head + "Authorization: wrong\r\n\r\n").status == 401, "the head decides");
}

BOOST_AUTO_TEST_CASE(a_401_carries_the_challenge_of_its_dialect) {
    Client client(start());
    BOOST_TEST(client.ask(get("/view", "")).has("WWW-Authenticate: Toy realm=\"toy\"\r\n"));
    BOOST_TEST(client.ask(ask("POST", "/flask/x", "")).has("WWW-Authenticate: Toy realm=\"flask\"\r\n"));
}

BOOST_AUTO_TEST_CASE(a_429_says_when_it_is_worth_trying_again) {
    Client client(start());
    BOOST_TEST(client.ask(ask("GET", "/view", "guessing")).has("Retry-After: 7\r\n"));
    BOOST_TEST(!client.ask(ask("GET", "/view", "away")).has("Retry-After"));
}

BOOST_AUTO_TEST_CASE(options_and_405_tell_the_methods) {
    Client client(start());
    const Answer options_answer = client.ask(ask("OPTIONS", "/view", ""));
    BOOST_TEST(options_answer.has("Allow: GET, HEAD, OPTIONS\r\n"));
    BOOST_TEST(options_answer.body.empty());
    BOOST_TEST(client.ask(ask("PUT", "/echo", "")).status == 401);
    BOOST_TEST(client.ask(ask("PATCH", "/echo", "admin")).has("Allow: DELETE, GET, HEAD, OPTIONS, POST, PUT\r\n"));
    BOOST_TEST(client.ask(ask("OPTIONS", "/own/1", "")).body == "mine");
}

BOOST_AUTO_TEST_CASE(head_has_the_length_but_not_the_body) {
    Client client(start());
    const Answer answer = client.ask(ask("HEAD", "/any", ""), false);
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.has("Content-Length: 3\r\n"));
    BOOST_TEST(client.ask(ask("HEAD", "/nowhere", ""), false).has("Content-Length: 12\r\n"));
    BOOST_TEST(client.ask(get("/any")).body == "any");
}

BOOST_AUTO_TEST_CASE(an_answer_without_body_has_no_length) {
    Client client(start());
    for (const char* path : {"/204", "/304"}) {
        const Answer answer = client.ask(get(path));
        BOOST_TEST(answer.status == std::stoi(path + 1));
        BOOST_TEST(!answer.has("Content-Length"));
        BOOST_TEST(!answer.has("Content-Type"));
    }
    BOOST_TEST(client.ask(get("/any")).body == "any");
}

BOOST_AUTO_TEST_CASE(every_answer_has_the_common_headers_and_its_own_id) {
    Client client(start());
    const Answer one = client.ask(get("/any"));
    for (const char* line : {"X-Content-Type-Options: nosniff\r\n", "Cache-Control: no-store\r\n",
                             "X-Request-Id: ", "Content-Type: text/plain\r\n", "Content-Length: 3\r\n"}) {
        BOOST_TEST(one.has(line), line);
    }
    BOOST_TEST(!one.has("Server"));
    BOOST_TEST(one.head != client.ask(get("/any")).head);
}

BOOST_AUTO_TEST_CASE(whatever_a_handler_throws_the_client_gets_an_answer_without_its_insides) {
    Client client(start());
    for (const char* path : {"/throws", "/throws-int"}) {
        const Answer answer = client.ask(get(path));
        BOOST_TEST(answer.status == 500);
        BOOST_TEST(answer.body.starts_with("toy: broken "));
        const std::string id = answer.body.substr(12);
        BOOST_TEST(answer.has("X-Request-Id: " + id + "\r\n"));
    }
    const Answer invalid = client.ask(get("/invalid"));
    BOOST_TEST(invalid.status == 422);
    BOOST_TEST(invalid.body == "toy: field 'hour': too late");
}

BOOST_AUTO_TEST_CASE(a_header_cannot_be_injected) {
    Client client(start());
    const Answer answer = client.ask(get("/inject"));
    BOOST_TEST(answer.status == 500);
    BOOST_TEST(!answer.has("Set-Cookie"));
    BOOST_TEST(client.ask(get("/any")).body == "any");
}

BOOST_AUTO_TEST_CASE(a_parameter_reaches_the_handler_decoded_once) {
    Client client(start());
    BOOST_TEST(client.ask(get("/own/a%2Fb%2541")).body == "a/b%41");
}

BOOST_AUTO_TEST_SUITE_END()
