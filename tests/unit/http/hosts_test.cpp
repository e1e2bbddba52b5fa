// For whom a request is.
#include "api/http/hosts.hpp"

#include "serving.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;
using api::host_of;
using api::is_among;

BOOST_FIXTURE_TEST_SUITE(hosts, Serving)

BOOST_AUTO_TEST_CASE(a_host_header_is_a_name_or_an_address_and_maybe_a_port) {
    const std::pair<const char*, const char*> good[] = {{"", ""},
                                                        {"x", "x"},
                                                        {"a.example:80", "a.example"},
                                                        {"a.example:", "a.example"},
                                                        {"127.0.0.1:8888", "127.0.0.1"},
                                                        {"[::1]", "[::1]"},
                                                        {"[::1]:8888", "[::1]"},
                                                        {"[::ffff:10.0.0.1]:1", "[::ffff:10.0.0.1]"},
                                                        {"a_b.c", "a_b.c"}};
    for (const auto& [field, host] : good) BOOST_TEST(host_of(field).value_or("malformed") == host, field);
    for (const char* bad : {"a b", "a/b", "a@b", "a:b", "a:1:2", "[::1", "[]", "[x]", "[::1]x", "::1", "a\\b", "a?b",
                            "a#b", "\xc3\xa4", "[::1]:x"}) {
        BOOST_TEST(!host_of(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_CASE(names_are_compared_without_case_and_final_dot) {
    const std::vector<std::string> names{"localhost", "[::1]", "Foliot.Example"};
    for (const char* own : {"localhost", "LOCALHOST", "localhost.", "foliot.example", "[::1]"}) {
        BOOST_TEST(is_among(own, names), own);
    }
    for (const char* foreign :
         {"", ".", "localhost..", "a.localhost", "localhost.evil", "example", "127.0.0.1", "[::2]"}) {
        BOOST_TEST(!is_among(foreign, names), foreign);
    }
    BOOST_TEST(is_among("anything", {"*"}));
    BOOST_TEST(is_among("", {"*"}));
}

BOOST_AUTO_TEST_CASE(every_address_and_no_name_is_among_the_addresses) {
    const std::vector<std::string> names{"[ip]"};
    for (const char* address : {"10.0.0.1", "[::1]", "[2001:db8::1]"}) BOOST_TEST(is_among(address, names), address);
    for (const char* name : {"", "ip", "10.0.0", "10.0.0.1.example", "10.0.0.256", "0x7f.1", "[ip]", "[:]"}) {
        BOOST_TEST(!is_among(name, names), name);
    }
}

BOOST_AUTO_TEST_CASE(a_request_for_another_host_is_refused_in_the_words_of_its_path) {
    options.hosts = {"localhost", "127.0.0.1"};
    const std::uint16_t port = start();
    const auto ask = [&](const std::string& path, const std::string& host) {
        return Client(port).ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: admin\r\n\r\n");
    };
    for (const char* own : {"localhost", "localhost:1234", "127.0.0.1:8888"}) {
        BOOST_TEST(ask("/view", own).status == 200, own);
    }
    for (const char* foreign : {"evil.example", "evil.example:8888", "10.0.0.1"}) {
        const Answer answer = ask("/view", foreign);
        BOOST_TEST(answer.status == 421, foreign);
        BOOST_TEST(answer.body.starts_with("toy: this server is not known as '"), answer.body);
        BOOST_TEST(answer.has("Connection: close\r\n"));
    }
    BOOST_TEST(ask("/flask/x", "evil.example").body.starts_with("flask: "));
    BOOST_TEST(ask("/any", "evil.example").status == 421);
    BOOST_TEST(Client(port).ask("GET /any HTTP/1.0\r\nHost: evil.example\r\n\r\n").status == 421);
    BOOST_TEST(Client(port).ask("GET /any HTTP/1.0\r\nHost: localhost\r\n\r\n").status == 200);
    BOOST_TEST(Client(port).ask("GET /any HTTP/1.0\r\n\r\n").status == 400);
    BOOST_TEST(Client(port).ask("GET /any HTTP/1.1\r\nHost:\r\n\r\n").status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
