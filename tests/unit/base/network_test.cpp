#include "base/network.hpp"

#include <boost/test/unit_test.hpp>

using foliot::network_of;

BOOST_AUTO_TEST_SUITE(network)

BOOST_AUTO_TEST_CASE(an_address_of_ipv4_stands_for_itself) {
    BOOST_TEST(network_of("10.0.0.1") == "10.0.0.1");
    BOOST_TEST(network_of("10.0.0.1") != network_of("10.0.0.2"));
    BOOST_TEST(network_of("::ffff:10.0.0.1") != network_of("::ffff:10.0.0.2"));
}

BOOST_AUTO_TEST_CASE(the_first_half_of_an_address_of_ipv6_counts) {
    BOOST_TEST(network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9"));
    BOOST_TEST(network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1"));
}

BOOST_AUTO_TEST_CASE(neighbours_on_a_link_are_one_network_whatever_the_interface) {
    BOOST_TEST(network_of("fe80::1%eth0") == network_of("fe80::2%eth0"));
    BOOST_TEST(network_of("fe80::1%eth0") == network_of("fe80::1"));
    BOOST_TEST(network_of("::ffff:10.0.0.1%eth0") == network_of("::ffff:10.0.0.1"));
}

BOOST_AUTO_TEST_CASE(what_is_no_address_stands_for_itself) {
    BOOST_TEST(network_of("") == "");
    BOOST_TEST(network_of("peer") == "peer");
}

BOOST_AUTO_TEST_SUITE_END()
