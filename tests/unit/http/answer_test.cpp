// What every answer has around it: headers, packing.
#include "api/http/compress.hpp"
#include "serving.hpp"

#include <Poco/InflatingStream.h>
#include <boost/test/unit_test.hpp>

#include <iterator>
#include <sstream>

using namespace foliot;
using namespace foliot::testing;

namespace {

std::string unpack(const std::string& packed) {
    std::istringstream in(packed);
    Poco::InflatingInputStream stream(in, Poco::InflatingStreamBuf::STREAM_GZIP);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string with_encodings(const std::string& path, const std::string& encodings, const std::string& method = "GET") {
    return method + " " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: admin\r\nAccept-Encoding: " + encodings +
           "\r\n\r\n";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(answer, Serving)

BOOST_AUTO_TEST_CASE(a_client_says_whether_it_wants_gzip) {
    for (const char* yes : {"gzip", "GZIP", "x-gzip", "deflate, gzip;q=1.0, *;q=0.5", "*", "br,gzip", "gzip;q=0.001",
                            "gzip ; q=0.8, identity;q=0.5", "identity, gzip", "*;q=0, gzip"}) {
        BOOST_TEST(api::wants_gzip(yes), yes);
    }
    for (const char* no : {"", "br", "identity", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "gzip;q=x",
                           "gzip;q=2", "gzip;q=0.4, identity;q=0.5", "gzi", "gzip;q=-1", "gzip;foo=bar", "gzip;q="}) {
        BOOST_TEST(!api::wants_gzip(no), no);
    }
}

BOOST_AUTO_TEST_CASE(large_text_is_packed_for_who_wants_it) {
    Client client(start());
    const Answer packed = client.ask(with_encodings("/big?n=100000", "gzip, deflate"));
    BOOST_TEST(packed.has("Content-Encoding: gzip\r\n"));
    BOOST_TEST(packed.has("Vary: Accept-Encoding\r\n"));
    BOOST_TEST(packed.body.size() < 1'000U);
    BOOST_TEST(unpack(packed.body) == std::string(100'000, 'x'));
    const Answer plain = client.ask(get("/big?n=100000"));
    BOOST_TEST(!plain.has("Content-Encoding"));
    BOOST_TEST(plain.has("Vary: Accept-Encoding\r\n"));
    BOOST_TEST(plain.body.size() == 100'000U);
    const Answer small = client.ask(with_encodings("/big?n=1000", "gzip"));
    BOOST_TEST(!small.has("Content-Encoding"));
    BOOST_TEST(!small.has("Vary"));
    BOOST_TEST(small.body.size() == 1'000U);
}

BOOST_AUTO_TEST_CASE(what_does_not_get_shorter_and_what_is_no_text_stays_as_it_is) {
    std::string noise;
    for (unsigned state = 1; noise.size() < 5'000;) {
        state = state * 1'664'525U + 1'013'904'223U;
        noise.push_back(static_cast<char>(state >> 24U));
    }
    add("GET", "/noise", api::Access::anonymous, Scope::read, [&](const api::Request&) { return text(noise); });
    add("GET", "/image", api::Access::anonymous, Scope::read, [](const api::Request&) {
        api::Response response = text(std::string(5'000, 'x'));
        response.content_type = "image/png";
        return response;
    });
    Client client(start());
    BOOST_TEST(client.ask(with_encodings("/noise", "gzip")).body == noise);
    BOOST_TEST(client.ask(with_encodings("/image", "gzip")).body.size() == 5'000U);
}

BOOST_AUTO_TEST_CASE(head_has_the_headers_of_get_packed_or_not) {
    Client client(start());
    for (const char* encodings : {"gzip", "identity"}) {
        const auto headers_of = [&](const char* method) {
            std::string head = client.ask(with_encodings("/big?n=100000", encodings, method), *method == 'G').head;
            head.erase(head.find("\r\nX-Request-Id"), 40);
            head.erase(head.find("\r\nDate"), 37);
            return head;
        };
        BOOST_TEST(headers_of("HEAD") == headers_of("GET"));
    }
}

BOOST_AUTO_TEST_CASE(every_answer_tells_browsers_to_make_nothing_of_it) {
    Client client(start());
    const std::vector<std::string> requests{get("/any"), get("/nowhere"), get("/view", ""), get("/204"),
                                            "OPTIONS /any HTTP/1.1\r\nHost: x\r\n\r\n"};
    for (const std::string& request : requests) {
        const Answer answer = client.ask(request);
        for (const char* line :
             {"X-Content-Type-Options: nosniff\r\n", "X-Frame-Options: DENY\r\n", "Referrer-Policy: no-referrer\r\n",
              "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n",
              "Cross-Origin-Resource-Policy: same-origin\r\n", "Cache-Control: no-store\r\n"}) {
            BOOST_TEST(answer.has(line), request << line);
        }
        BOOST_TEST(!answer.has("Access-Control-"));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_may_have_its_own_headers_instead) {
    add("GET", "/page", api::Access::anonymous, Scope::read, [](const api::Request&) {
        api::Response response = text("page");
        response.headers.emplace_back("cache-control", "max-age=60");
        response.headers.emplace_back("Content-Security-Policy", "default-src 'self'");
        return response;
    });
    Client client(start());
    const Answer answer = client.ask(get("/page"));
    BOOST_TEST(answer.has("cache-control: max-age=60\r\n"));
    BOOST_TEST(!answer.has("Cache-Control"));
    BOOST_TEST(answer.has("Content-Security-Policy: default-src 'self'\r\n"));
    BOOST_TEST(!answer.has("Content-Security-Policy: default-src 'none'"));
    BOOST_TEST(answer.has("X-Frame-Options: DENY\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
