// What two readers of one byte stream could understand differently is refused, and nothing after it is answered.
#include "serving.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

const std::string kSmuggled = get("/echo");
const std::string kAuth = "Host: x\r\nAuthorization: admin\r\n";

const std::string kChunked = "Transfer-Encoding: chunked\r\n";

struct Bad {
    const char* what;
    std::string request;
    int status;
};

std::string post(const std::string& fields, const std::string& body = "") {
    return "POST /echo HTTP/1.1\r\n" + kAuth + fields + "\r\n" + body;
}

std::string repeat(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

std::vector<Bad> bad_requests() {
    const std::string many = [] {
        std::string fields;
        for (int i = 0; i < 120; ++i) fields += "a" + std::to_string(i) + ": b\r\n";
        return fields;
    }();
    return {
        {"length and transfer encoding", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "abc"), 400},
        {"another encoding", post("transfer-encoding: gzip, chunked\r\n"), 501},
        {"two encodings", post(kChunked + kChunked, "0\r\n\r\n"), 400},
        {"chunks in HTTP/1.0", "POST /echo HTTP/1.0\r\n" + kAuth + kChunked + "\r\n0\r\n\r\n", 400},
        {"no size of a chunk", post(kChunked, "\r\n"), 400},
        {"bad size of a chunk", post(kChunked, "3x\r\nabc\r\n0\r\n\r\n"), 400},
        {"hexadecimal prefix", post(kChunked, "0x3\r\nabc\r\n0\r\n\r\n"), 400},
        {"negative chunk", post(kChunked, "-3\r\nabc\r\n0\r\n\r\n"), 400},
        {"blank before a size", post(kChunked, " 3\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk with extension", post(kChunked, "3;a=b\r\nabc\r\n0\r\n\r\n"), 400},
        {"overflowing chunk", post(kChunked, "FFFFFFFFFFFFFFFF3\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk that is too long", post(kChunked, "2\r\nabc\r\n0\r\n\r\n"), 400},
        {"lone LF behind a size", post(kChunked, "3\nabc\r\n0\r\n\r\n"), 400},
        {"lone LF behind a chunk", post(kChunked, "3\r\nabc\n0\r\n\r\n"), 400},
        {"trailer", post(kChunked, "3\r\nabc\r\n0\r\nX: y\r\n\r\n"), 400},
        {"chunk that is too large", post(kChunked, "1001\r\n" + std::string(0x1001, 'x') + "\r\n"), 413},
        {"many chunks that are too large together", post(kChunked, repeat("1\r\nx\r\n", 4097) + "0\r\n\r\n"), 413},
        {"two lengths", post("Content-Length: 3\r\nContent-Length: 5\r\n", "abc"), 400},
        {"two equal lengths", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400},
        {"list of lengths", post("Content-Length: 3, 3\r\n", "abc"), 400},
        {"negative length", post("Content-Length: -5\r\n"), 400},
        {"signed length", post("Content-Length: +5\r\n", "abcde"), 400},
        {"length with letter", post("Content-Length: 3x\r\n", "abc"), 400},
        {"empty length", post("Content-Length:\r\n"), 400},
        {"overflowing length", post("Content-Length: 18446744073709551619\r\n", "abc"), 400},
        {"blank before the colon", post("Content-Length : 3\r\n", "abc"), 400},
        {"line without colon", post("nonsense\r\n"), 400},
        {"folded header", post("X: a\r\n b\r\n"), 400},
        {"control byte in a value",
         post("X: a\x01"
              "b\r\n"),
         400},
        {"lone CR in a value", post("X: a\rb\r\n"), 400},
        {"NUL in a value", post(std::string("X: a\0b\r\n", 8)), 400},
        {"byte 255 at line start", post("\xff: a\r\n"), 400},
        {"lone LF", "GET /echo HTTP/1.1\nHost: x\n\n", 400},
        {"lone LF as end of the head", "GET /echo HTTP/1.1\r\nHost: x\r\nx\n", 400},
        {"empty first line", "\r\n" + get("/echo"), 400},
        {"absolute form", "GET http://x/echo HTTP/1.1\r\n" + kAuth + "\r\n", 400},
        {"asterisk form", "OPTIONS * HTTP/1.1\r\n" + kAuth + "\r\n", 400},
        {"relative target", "GET echo HTTP/1.1\r\n" + kAuth + "\r\n", 400},
        {"blank in the target", "GET /echo x HTTP/1.1\r\n" + kAuth + "\r\n", 400},
        {"fragment", "GET /echo#x HTTP/1.1\r\n" + kAuth + "\r\n", 400},
        {"no version", "GET /echo\r\n" + kAuth + "\r\n", 400},
        {"version 2.0", "GET /echo HTTP/2.0\r\n" + kAuth + "\r\n", 400},
        {"version 1.10", "GET /echo HTTP/1.10\r\n" + kAuth + "\r\n", 400},
        {"foreign version", "GET /echo FOOBAR\r\n" + kAuth + "\r\n", 400},
        {"no host", "GET /echo HTTP/1.1\r\nAuthorization: admin\r\n\r\n", 400},
        {"malformed host", "GET /echo HTTP/1.1\r\nHost: x/y\r\nAuthorization: admin\r\n\r\n", 400},
        {"host with a user", "GET /echo HTTP/1.1\r\nHost: a@x\r\nAuthorization: admin\r\n\r\n", 400},
        {"two hosts", "GET /echo HTTP/1.1\r\nHost: y\r\n" + kAuth + "\r\n", 400},
        {"two credentials", "GET /echo HTTP/1.1\r\nAuthorization: viewer\r\n" + kAuth + "\r\n", 400},
        {"lower-case method", "get /echo HTTP/1.1\r\n" + kAuth + "\r\n", 501},
        {"unknown method", "BREW /echo HTTP/1.1\r\n" + kAuth + "\r\n", 501},
        {"no method", " /echo HTTP/1.1\r\n" + kAuth + "\r\n", 400},
        {"odd expectation", post("Expect: miracles\r\nContent-Length: 3\r\n", "abc"), 417},
        {"body too large", post("Content-Length: 5000\r\n", std::string(5000, 'x')), 413},
        {"long target", get("/" + std::string(9000, 'x')), 414},
        {"long head", get("/echo", "X: " + std::string(40000, 'x') + "\r\n"), 431},
        {"many headers", get("/echo", many), 431},
    };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(framing, Serving)

BOOST_AUTO_TEST_CASE(a_malformed_request_is_refused_and_what_follows_it_is_never_answered) {
    options.max_body = 4096;
    const std::uint16_t port = start();
    for (const Bad& bad : bad_requests()) {
        BOOST_TEST_CONTEXT(bad.what) {
            Client client(port);
            client.send(bad.request + kSmuggled);
            const Answer answer = client.answer();
            BOOST_TEST(answer.status == bad.status);
            BOOST_TEST(answer.has("Connection: close"));
            BOOST_TEST(answer.body.starts_with("toy: "));
            BOOST_TEST(client.closed());
        }
    }
    BOOST_TEST(served_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_refusal_speaks_the_dialect_of_the_path) {
    Client client(start());
    const Answer answer = client.ask("POST /flask/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n");
    BOOST_TEST(answer.status == 501);
    BOOST_TEST(answer.body.starts_with("flask: "));
}

BOOST_AUTO_TEST_CASE(a_cut_off_body_never_reaches_a_handler) {
    const std::uint16_t port = start();
    for (const std::string& request :
         {post("Content-Length: 100\r\n", "abc"), post(kChunked, "5\r\nabc"), post(kChunked, "3\r\nabc\r\n"),
          post(kChunked, "3\r\nabc\r\n0\r\n"), post(kChunked, "3")}) {
        Client client(port);
        client.send(request);
        client.end_of_input();
        BOOST_TEST(client.answer().status == 400);
        BOOST_TEST(client.closed());
    }
    BOOST_TEST(served_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_cut_off_head_is_answered_with_400) {
    Client client(start());
    client.send("GET /echo HTTP/1.1\r\nHost:");
    client.end_of_input();
    BOOST_TEST(client.answer().status == 400);
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(the_client_sees_413_even_when_it_sends_the_whole_large_body_first) {
    Client client(start());
    BOOST_TEST(client.send(post("Content-Length: 6000000\r\n", std::string(6'000'000, 'x'))));
    BOOST_TEST(client.answer().status == 413);
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(a_declared_body_is_read_whatever_the_method) {
    Client client(start());
    for (const char* method : {"GET", "DELETE", "POST", "PUT"}) {
        const Answer answer = client.ask(std::string(method) + " /echo HTTP/1.1\r\n" + kAuth +
                                         "Content-Length: 15\r\n\r\nGET /x HTTP/1.1");
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(answer.body == "GET /x HTTP/1.1");
    }
    BOOST_TEST(client.ask(post("")).body.empty());
    BOOST_TEST(served_count() == 5U);
}

BOOST_AUTO_TEST_CASE(an_unwanted_body_is_not_taken_for_the_next_request) {
    Client client(start());
    const std::string fields =
        "Host: x\r\nContent-Length: " + std::to_string(kSmuggled.size()) + "\r\n\r\n" + kSmuggled;
    BOOST_TEST(client.ask("POST /nowhere HTTP/1.1\r\n" + fields).status == 404);
    BOOST_TEST(client.ask("POST /echo HTTP/1.1\r\n" + fields).status == 401);
    BOOST_TEST(client.ask("PUT /any HTTP/1.1\r\n" + fields).status == 405);
    BOOST_TEST(client.ask(get("/any")).body == "any");
    BOOST_TEST(served_count() == 0U);
}

BOOST_AUTO_TEST_CASE(expect_100_continue_is_answered_before_the_body_and_not_for_a_refused_one) {
    options.max_body = 10;
    const std::uint16_t port = start();
    Client client(port);
    client.send(post("Expect: 100-continue\r\nContent-Length: 3\r\n"));
    BOOST_TEST(client.answer().status == 100);
    BOOST_TEST(client.ask("abc").body == "abc");
    Client large(port);
    BOOST_TEST(large.ask(post("Expect: 100-continue\r\nContent-Length: 11\r\n")).status == 413);
}

BOOST_AUTO_TEST_CASE(what_the_head_decides_is_answered_before_a_large_body_comes) {
    struct Row {
        const char* request;
        int status;
    };
    const Row rows[] = {
        {"POST /nowhere HTTP/1.1\r\nHost: x\r\n", 404},
        {"POST /echo HTTP/1.1\r\nHost: x\r\n", 401},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nAuthorization: wrong\r\n", 401},
        {"POST /echo?a=%zz HTTP/1.1\r\nHost: x\r\nAuthorization: admin\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: cross-site\r\n", 403},
        {"DELETE /rule HTTP/1.1\r\nHost: x\r\nAuthorization: viewer\r\n", 403},
        {"PUT /any HTTP/1.1\r\nHost: x\r\n", 405},
        {"OPTIONS /any HTTP/1.1\r\nHost: x\r\n", 200},
    };
    const std::uint16_t port = start();
    for (const std::string& fields : {std::string("Content-Length: 100000\r\n"), kChunked,
                                      std::string("Expect: 100-continue\r\nContent-Length: 3\r\n")}) {
        for (const Row& row : rows) {
            BOOST_TEST_CONTEXT(row.request << fields) {
                Client client(port);
                const Answer answer = client.ask(row.request + fields + "\r\n");
                BOOST_TEST(answer.status == row.status);
                BOOST_TEST(answer.has("Connection: close\r\n"));
                client.send(kSmuggled);
                BOOST_TEST(client.closed());
            }
        }
    }
    BOOST_TEST(served_count() == 0U);
}

BOOST_AUTO_TEST_CASE(who_loses_the_right_while_the_body_comes_is_refused) {
    std::atomic<bool> revoked{false};
    api::HttpServer own(options, router,
                        [&](const api::Evidence& evidence) { return revoked ? std::nullopt : who(evidence); });
    Client client(own.port());
    client.send(post("Expect: 100-continue\r\nContent-Length: 3\r\n"));
    BOOST_TEST(client.answer().status == 100);
    revoked = true;
    BOOST_TEST(client.ask("abc").status == 401);
    BOOST_TEST(served_count() == 0U);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
    Client client(start());
    std::string all;
    for (int i = 0; i < 50; ++i) all += post("Content-Length: 2\r\n", std::to_string(10 + i));
    client.send(all);
    for (int i = 0; i < 50; ++i) BOOST_TEST(client.answer().body == std::to_string(10 + i));
}

BOOST_AUTO_TEST_CASE(a_request_may_come_byte_by_byte) {
    Client client(start());
    for (const char byte : post("Content-Length: 3\r\n", "abc")) client.send(std::string(1, byte));
    BOOST_TEST(client.answer().body == "abc");
}

BOOST_AUTO_TEST_CASE(a_body_may_come_in_chunks_and_the_next_request_follows_it) {
    Client client(start());
    const std::string chunks = "3\r\nabc\r\n00001\r\nd\r\n1A\r\n" + std::string(26, 'e') + "\r\n0\r\n\r\n";
    client.send(post(kChunked, chunks) + post("TRANSFER-encoding: Chunked\r\n", "0\r\n\r\n") + get("/any"));
    BOOST_TEST(client.answer().body == "abcd" + std::string(26, 'e'));
    BOOST_TEST(client.answer().body.empty());
    BOOST_TEST(client.answer().body == "any");
    for (const char byte : post(kChunked, chunks)) client.send(std::string(1, byte));
    BOOST_TEST(client.answer().body.size() == 30U);
}

BOOST_AUTO_TEST_CASE(a_header_value_arrives_as_it_was_sent) {
    Client client(start());
    for (const std::string& value :
         {std::string("=?utf-8?B?YWRtaW4NCmV2aWw6IDE=?="), std::string("a\xff\xe4 b"), std::string(20'000, 'x')}) {
        const Answer answer = client.ask(get("/header", "Authorization: admin\r\nX: " + value + "\r\n"));
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(answer.body == value);
    }
}

BOOST_AUTO_TEST_CASE(http_1_0_closes_unless_asked_to_stay) {
    const std::uint16_t port = start();
    Client closing(port);
    BOOST_TEST(closing.ask("GET /any HTTP/1.0\r\n\r\n").status == 200);
    BOOST_TEST(closing.closed());
    Client staying(port);
    for (int i = 0; i < 2; ++i) {
        BOOST_TEST(
            staying.ask("GET /any HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").has("Connection: keep-alive\r\n"));
    }
    Client polite(port);
    BOOST_TEST(polite.ask(get("/any", "Connection: x, Close\r\n")).has("Connection: close\r\n"));
    BOOST_TEST(polite.closed());
}

BOOST_AUTO_TEST_SUITE_END()
