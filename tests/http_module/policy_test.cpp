// Which addresses may be called: the rules themselves.
#include "http/address_policy.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <stdexcept>

namespace {

using http::Address;
using http::AddressPolicy;
using http::Listener;
using http::Range;

Address at(const std::string& text) {
    const auto address = Address::parse(text);
    BOOST_REQUIRE_MESSAGE(address, text);
    return *address;
}

bool refused(const AddressPolicy& policy, const std::string& address, const std::string& host = "name.test",
             std::uint16_t port = 80) {
    return policy.refusal(host, at(address), port).has_value();
}

AddressPolicy policy_of(const std::vector<std::string>& allow, const std::vector<std::string>& deny) {
    AddressPolicy policy;
    for (const auto& text : allow) policy.allow.add(text);
    for (const auto& text : deny) policy.deny.add(text);
    return policy;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy)

BOOST_AUTO_TEST_CASE(what_nobody_needs_is_refused) {
    const AddressPolicy plain;
    for (const char* address :
         {"169.254.169.254", "169.254.0.0", "169.254.255.255", "169.254.170.2", "100.100.100.200", "168.63.129.16",
          "192.0.0.192", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
          "::", "fe80::1", "febf::1", "ff02::1", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42",
          // the same IPv4 addresses, written or wrapped otherwise
          "::ffff:169.254.169.254", "::ffff:0.0.0.0", "::ffff:255.255.255.255", "::169.254.169.254",
          "64:ff9b::169.254.169.254", "::ffff:0:169.254.169.254", "2002:a9fe:a9fe::1", "2002:0:0::1",
          "2001:0:1:2:3:4:5601:5601"})
        BOOST_TEST(refused(plain, address), address);
}

BOOST_AUTO_TEST_CASE(what_hides_an_ipv4_address_is_refused_unless_its_range_is_allowed) {
    for (const char* address : {"::ffff:0:8.8.8.8", "64:ff9b:1::8.8.8.8", "64:ff9b:1:a9fe:a9:fe00::", "64:ff9b:1:7::"})
        BOOST_TEST(refused(AddressPolicy(), address), address);
    const auto policy = policy_of({"64:ff9b:1::/48", "::ffff:0:0:0/96"}, {});
    BOOST_TEST(!refused(policy, "64:ff9b:1:808:8:800::"));
    BOOST_TEST(!refused(policy, "::ffff:0:8.8.8.8"));
    BOOST_TEST(refused(policy, "::ffff:0:169.254.169.254"));
    BOOST_TEST(refused(policy_of({"*"}, {}), "64:ff9b:1::8.8.8.8"));
    for (const char* address : {"64:ff9b:2::1", "64:ff9b:0:ffff::1", "::fffe:0:8.8.8.8", "::ffff:1:8.8.8.8"})
        BOOST_TEST(!refused(AddressPolicy(), address), address);
}

BOOST_AUTO_TEST_CASE(what_users_have_is_permitted) {
    const AddressPolicy plain;
    for (const char* address : {"127.0.0.1",        "10.0.0.1",         "172.16.0.1",        "192.168.1.1",
                                "100.64.0.1",       "100.100.100.201",  "8.8.8.8",           "1.0.0.0",
                                "169.253.255.255",  "169.255.0.0",      "223.255.255.255",   "::1",
                                "fd00::1",          "fe00::1",          "fec0::1",           "2606:4700::1111",
                                "::ffff:127.0.0.1", "64:ff9b::8.8.8.8", "2002:0808:0808::1", "fd00:ec3::254"})
        BOOST_TEST(!refused(plain, address), address);
}

BOOST_AUTO_TEST_CASE(a_refusal_says_why_and_what_would_permit_it) {
    const AddressPolicy plain;
    BOOST_TEST(plain.refusal("x", at("169.254.169.254"), 80).value() ==
               "169.254.169.254 is link-local, where clouds have their metadata; a range in module.http.config.allow "
               "permits it");
    BOOST_TEST(plain.refusal("x", at("64:ff9b::a9fe:a9fe"), 80)
                   .value()
                   .starts_with("64:ff9b::a9fe:a9fe leads to 169.254.169.254 is link-local"));
    BOOST_TEST(policy_of({}, {"10.0.0.0/8"}).refusal("x", at("10.1.2.3"), 80).value() ==
               "10.1.2.3 is denied by module.http.config.deny (10.0.0.0/8)");
    BOOST_TEST(policy_of({}, {"*.internal"}).refusal("db.internal", at("10.1.2.3"), 80).value() ==
               "'db.internal' is denied by module.http.config.deny");
}

BOOST_AUTO_TEST_CASE(a_range_that_is_allowed_lifts_every_denial_of_what_it_names) {
    const auto policy = policy_of({"169.254.169.254", "10.1.0.0/16"}, {"10.0.0.0/8", "*"});
    BOOST_TEST(!refused(policy, "169.254.169.254"));
    BOOST_TEST(!refused(policy, "::ffff:169.254.169.254"));
    BOOST_TEST(!refused(policy, "10.1.2.3"));
    BOOST_TEST(refused(policy, "10.2.0.1"));
    BOOST_TEST(refused(policy, "8.8.8.8"));
    BOOST_TEST(refused(policy, "169.254.169.253"));
    BOOST_TEST(refused(policy_of({"64:ff9b::/96"}, {}), "64:ff9b::a9fe:a9fe"));
    BOOST_TEST(!refused(policy_of({"64:ff9b::/96"}, {"*"}), "64:ff9b::808:808"));
}

BOOST_AUTO_TEST_CASE(a_name_that_is_allowed_lifts_what_is_configured_but_not_what_nobody_needs) {
    const auto policy = policy_of({"api.example.org", "*.good.example"}, {"*", "0.0.0.0/0", "::/0"});
    BOOST_TEST(!refused(policy, "10.0.0.1", "api.example.org"));
    BOOST_TEST(!refused(policy, "fd00::1", "API.Example.ORG."));
    BOOST_TEST(!refused(policy, "10.0.0.1", "a.b.good.example"));
    BOOST_TEST(refused(policy, "10.0.0.1", "good.example"));
    BOOST_TEST(refused(policy, "10.0.0.1", "evilgood.example"));
    BOOST_TEST(refused(policy, "10.0.0.1", "www.api.example.org"));
    BOOST_TEST(refused(policy, "169.254.169.254", "api.example.org"));
    BOOST_TEST(refused(policy, "64:ff9b::a9fe:a9fe", "api.example.org"));
}

BOOST_AUTO_TEST_CASE(names_are_denied_whatever_their_address) {
    const auto policy = policy_of({}, {"db.test", "*.internal"});
    BOOST_TEST(refused(policy, "8.8.8.8", "db.test"));
    BOOST_TEST(refused(policy, "8.8.8.8", "DB.TEST."));
    BOOST_TEST(refused(policy, "8.8.8.8", "a.internal"));
    BOOST_TEST(!refused(policy, "8.8.8.8", "internal"));
    BOOST_TEST(!refused(policy, "8.8.8.8", "xdb.test"));
    BOOST_TEST(policy.refusal("db.test").has_value());  // before it is looked up
    BOOST_TEST(!policy.refusal("other.test").has_value());
    BOOST_TEST(!policy_of({"10.0.0.0/8"}, {"db.test"}).refusal("db.test").has_value());  // its address may be allowed
    BOOST_TEST(!policy_of({"db.test"}, {"*.test"}).refusal("db.test").has_value());
}

BOOST_AUTO_TEST_CASE(ranges_hold_what_they_should) {
    struct Row {
        const char *range, *inside, *outside;
    };
    const Row table[] = {{"10.0.0.0/8", "10.255.255.255", "11.0.0.0"},
                         {"10.0.0.0/31", "10.0.0.1", "10.0.0.2"},
                         {"10.0.0.7", "10.0.0.7", "10.0.0.6"},
                         {"0.0.0.0/0", "255.255.255.255", "::1"},
                         {"::/0", "ffff::", "1.2.3.4"},
                         {"fd00::/8", "fdff::1", "fc00::1"},
                         {"2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::"},
                         {"::ffff:10.0.0.0/104", "10.1.1.1", "11.0.0.0"}};
    for (const Row& row : table) {
        BOOST_TEST(Range::parse(row.range).contains(at(row.inside)), row.range);
        BOOST_TEST(!Range::parse(row.range).contains(at(row.outside)), row.range);
    }
    BOOST_TEST(Range::parse("10.0.0.0/8").text() == "10.0.0.0/8");
    BOOST_TEST(Range::parse("fd00::/8").text() == "fd00::/8");
    BOOST_TEST(Range::parse("10.0.0.7").text() == "10.0.0.7");
}

BOOST_AUTO_TEST_CASE(what_is_no_range_or_name_is_refused) {
    for (const char* text : {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "10.0.0.1/8", "10.0.0",
                             "300.1.1.1", "fd00::/129", "fd00::1/8", "fe80::1%lo", "example.org/8", "example.org:80",
                             "a b", "*.", ".a", "a*b", "ex\u00e4mple.org", "http://x"})
        BOOST_CHECK_THROW(http::Targets().add(text), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(addresses_are_read_from_sockets) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(8888);
    v4.sin_addr.s_addr = htonl(0xA9FEA9FE);
    BOOST_TEST(Address::of(reinterpret_cast<sockaddr&>(v4))->text() == "169.254.169.254");
    BOOST_TEST(Address::port_of(reinterpret_cast<sockaddr&>(v4)) == 8888);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(443);
    ::inet_pton(AF_INET6, "::ffff:10.0.0.1", &v6.sin6_addr);
    BOOST_TEST(Address::of(reinterpret_cast<sockaddr&>(v6))->text() == "10.0.0.1");
    BOOST_TEST(Address::of(reinterpret_cast<sockaddr&>(v6))->is_v4());
    BOOST_TEST(Address::port_of(reinterpret_cast<sockaddr&>(v6)) == 443);
    ::inet_pton(AF_INET6, "fd00::1", &v6.sin6_addr);
    BOOST_TEST(Address::of(reinterpret_cast<sockaddr&>(v6))->text() == "fd00::1");
    v6.sin6_family = AF_UNIX;
    BOOST_TEST(!Address::of(reinterpret_cast<sockaddr&>(v6)).has_value());
}

BOOST_AUTO_TEST_CASE(the_servers_own_listener_is_refused) {
    AddressPolicy policy;
    policy.server = Listener::parse("127.0.0.1:8888");
    BOOST_TEST(policy.refusal("x", at("127.0.0.1"), 8888).value() ==
               "127.0.0.1 port 8888 is this server itself; module.http.config.allow_self permits it");
    BOOST_TEST(refused(policy, "::ffff:127.0.0.1", "x", 8888));
    BOOST_TEST(refused(policy, "2002:7f00:1::", "x", 8888));
    BOOST_TEST(!refused(policy, "127.0.0.1", "x", 8889));
    BOOST_TEST(!refused(policy, "127.0.0.2", "x", 8888));
    policy.allow.add("0.0.0.0/0");
    BOOST_TEST(refused(policy, "127.0.0.1", "x", 8888));
    BOOST_TEST(refused(policy, "0.0.0.0", "x", 8888));  // leads to 127.0.0.1
    policy.allow_self = true;
    BOOST_TEST(!refused(policy, "127.0.0.1", "x", 8888));
}

BOOST_AUTO_TEST_CASE(a_listener_on_all_addresses_is_refused_at_each_of_them) {
    for (const char* everywhere : {"0.0.0.0:8888", "[::]:8888"}) {
        AddressPolicy policy;
        policy.server = Listener::parse(everywhere);
        BOOST_TEST(refused(policy, "127.0.0.1", "x", 8888));
        BOOST_TEST(refused(policy, "127.9.9.9", "x", 8888));
        ifaddrs* list = nullptr;
        BOOST_REQUIRE(::getifaddrs(&list) == 0);
        for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
            if (entry->ifa_addr == nullptr) continue;
            if (const auto own = Address::of(*entry->ifa_addr))
                BOOST_TEST(policy.refusal("x", *own, 8888).has_value(), own->text());
        }
        ::freeifaddrs(list);
        BOOST_TEST(!refused(policy, "127.0.0.1", "x", 80));
        BOOST_TEST(!refused(policy, "192.0.2.1", "x", 8888));  // for documentation: nobody's
    }
}

BOOST_AUTO_TEST_CASE(a_listener_is_an_address_and_a_port) {
    BOOST_TEST(Listener::parse("[::1]:65535").address.text() == "::1");
    BOOST_TEST(Listener::parse("10.0.0.1:1").port == 1);
    for (const char* text : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:8x", ":8888",
                             "localhost:8888", "[::1]", "[::1:80"})
        BOOST_CHECK_THROW(Listener::parse(text), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
