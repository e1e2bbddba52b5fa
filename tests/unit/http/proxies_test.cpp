// Whose a request is that came through proxies.
#include "api/http/proxies.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot::api;

namespace {

struct Trusting {
    Networks trusted;
    Trusting() {
        for (const char* text : {"10.0.0.7", "10.1.0.0/16", "fd00::/9", "::1", "fe80::7"})
            BOOST_TEST(trusted.add(text), text);
    }
    std::string client(const std::string& peer, const std::vector<std::string>& lines) const {
        std::vector<std::pair<std::string, std::string>> headers{{"host", "x"}};
        for (const std::string& line : lines) headers.emplace_back("x-forwarded-for", line);
        return client_of(peer, headers, trusted);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(proxies, Trusting)

BOOST_AUTO_TEST_CASE(networks_contain_what_begins_like_them) {
    for (const char* in :
         {"10.0.0.7", "10.1.0.0", "10.1.255.255", "::ffff:10.0.0.7", "::1", "fd00::1", "fd7f:ffff::", "fe80::7%eth0"})
        BOOST_TEST(trusted.contain(in), in);
    for (const char* out :
         {"10.0.0.6", "10.2.0.0", "::ffff:10.0.0.6", "::2", "fd80::1", "fc00::", "", "x", "10.0.0.7 "})
        BOOST_TEST(!trusted.contain(out), out);
    Networks all;
    BOOST_TEST(all.add("0.0.0.0/0"));
    BOOST_TEST(all.contain("1.2.3.4"));
    BOOST_TEST(!all.contain("::1"));
    BOOST_TEST(!Networks().contain("127.0.0.1"));
}

BOOST_AUTO_TEST_CASE(what_is_no_network_is_not_taken) {
    for (const char* bad : {"", "x", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "fd00::/129",
                            "10.0.0.0/255.0.0.0", "[::1]", "10.0.0.0/8/8"})
        BOOST_TEST(!Networks().add(bad), bad);
}

BOOST_AUTO_TEST_CASE(only_a_trusted_proxy_is_asked_whose_the_request_is) {
    BOOST_TEST(client("192.0.2.1", {"198.51.100.9"}) == "192.0.2.1");
    BOOST_TEST(client("10.0.0.7", {"198.51.100.9"}) == "198.51.100.9");
    BOOST_TEST(client("::ffff:10.0.0.7", {"198.51.100.9"}) == "198.51.100.9");
    BOOST_TEST(client("10.0.0.7", {}) == "10.0.0.7");
    BOOST_TEST(client_of("10.0.0.7", {{"x-forwarded-for", "198.51.100.9"}}, {}) == "10.0.0.7");
}

BOOST_AUTO_TEST_CASE(the_last_address_that_is_not_trusted_counts_and_not_what_the_client_wrote_before_it) {
    BOOST_TEST(client("10.0.0.7", {"203.0.113.5, 198.51.100.9"}) == "198.51.100.9");
    BOOST_TEST(client("10.0.0.7", {"junk, 198.51.100.9,10.1.2.3"}) == "198.51.100.9");
    BOOST_TEST(client("10.0.0.7", {"203.0.113.5", "198.51.100.9", "10.1.2.3"}) == "198.51.100.9");
    BOOST_TEST(client("10.0.0.7", {"10.1.0.1, 10.1.0.2"}) == "10.1.0.1");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_the_proxys_own) {
    for (const char* bad : {"", "unknown", "198.51.100.9,", "198.51.100.9, junk", "[::2", "198.51.100.9:x", "a:1",
                            "198.51.100.9 1", "fe80::1%eth0"})
        BOOST_TEST(client("10.0.0.7", {bad}) == "10.0.0.7", bad);
}

BOOST_AUTO_TEST_CASE(only_a_trusted_proxy_is_asked_for_the_scheme) {
    const auto over_tls = [&](const char* peer, const char* said) {
        return came_over_tls(peer, {{"x-forwarded-proto", said}}, trusted);
    };
    for (const char* yes : {"https", "HTTPS", "https, http", "http,https"}) BOOST_TEST(over_tls("10.0.0.7", yes), yes);
    for (const char* no : {"http", "", "httpss", "on"}) BOOST_TEST(!over_tls("10.0.0.7", no), no);
    BOOST_TEST(!over_tls("192.0.2.1", "https"));
    BOOST_TEST(!came_over_tls("10.0.0.7", {}, trusted));
    BOOST_TEST(!came_over_tls("10.0.0.7", {{"x-forwarded-proto", "https"}}, {}));
}

BOOST_AUTO_TEST_CASE(an_address_is_the_same_however_it_is_written) {
    BOOST_TEST(client("::1", {"2001:0DB8:0::1"}) == "2001:db8::1");
    BOOST_TEST(client("::1", {"[2001:db8::1]"}) == "2001:db8::1");
    BOOST_TEST(client("::1", {"[2001:db8::1]:4711"}) == "2001:db8::1");
    BOOST_TEST(client("::1", {"::ffff:198.51.100.9"}) == "198.51.100.9");
    BOOST_TEST(client("::1", {"198.51.100.9:4711"}) == "198.51.100.9");
}

BOOST_AUTO_TEST_SUITE_END()
