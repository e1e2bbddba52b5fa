// Who is ended when threads are scarce.
#include "api/http/connections.hpp"

#include "base/fd.hpp"
#include "support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/socket.h>

#include <array>

using namespace foliot;
using foliot::api::Connections;
using foliot::api::Wait;

namespace {

struct Setup {
    foliot::testing::ManualClock clock;
    Connections connections{3, 2, clock};
    std::array<FdPair, 4> pairs{make_socket_pair(), make_socket_pair(), make_socket_pair(), make_socket_pair()};
    std::array<Connections::Place, 4> places;

    void add(std::size_t i, const std::string& address = "127.0.0.1") {
        places[i] = connections.add(pairs[i].ours.get(), address);
    }
    void begin(std::size_t i, Wait wait) { connections.begin_wait(places[i], wait, clock.monotonic()); }
    void wait(std::size_t i, Wait wait) {
        begin(i, wait);
        clock.advance(kSecond);
    }
    bool ended(std::size_t i) {
        char byte = 0;
        return ::recv(pairs[i].ours.get(), &byte, 1, MSG_DONTWAIT) == 0;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(connections, Setup)

BOOST_AUTO_TEST_CASE(the_longest_idle_is_ended_before_those_that_never_spoke) {
    for (const std::size_t i : {0U, 1U, 2U}) add(i);
    wait(0, Wait::first_request);
    for (const std::size_t i : {2U, 1U}) {
        wait(i, Wait::first_request);
        connections.end_wait(places[i], true);
    }
    for (const std::size_t i : {2U, 1U}) wait(i, Wait::next_request);
    add(3);
    BOOST_TEST(ended(2));
    BOOST_TEST(!ended(0));
    BOOST_TEST(!ended(1));
}

BOOST_AUTO_TEST_CASE(a_silent_one_is_ended_only_after_its_time) {
    for (const std::size_t i : {0U, 1U, 2U}) add(i);
    for (const std::size_t i : {0U, 1U, 2U}) begin(i, Wait::first_request);
    clock.advance(Connections::kPatience - 1);
    add(3);
    for (const std::size_t i : {0U, 1U, 2U}) BOOST_TEST(!ended(i));
    connections.remove(places[3]);
    clock.advance(1);
    add(3);
    BOOST_TEST(ended(0));
}

BOOST_AUTO_TEST_CASE(nobody_is_ended_for_one_that_takes_the_thread_of_one_that_ends) {
    for (const std::size_t i : {0U, 1U, 2U}) {
        add(i);
        wait(i, Wait::first_request);
    }
    connections.end_wait(places[1], true);
    connections.begin_end(places[1]);
    add(3);
    for (const std::size_t i : {0U, 2U}) BOOST_TEST(!ended(i));
    BOOST_TEST(!connections.give_way(places[0]));
}

BOOST_AUTO_TEST_CASE(one_gives_way_for_one_and_another_when_a_request_came_meanwhile) {
    for (const std::size_t i : {0U, 1U, 2U}) add(i);
    for (const std::size_t i : {0U, 1U, 2U}) begin(i, Wait::first_request);
    add(3);
    BOOST_TEST(connections.give_way(places[1]));
    BOOST_TEST(!connections.give_way(places[0]));
    clock.advance(Connections::kPatience);
    connections.end_wait(places[1], true);
    BOOST_TEST(ended(0));
    BOOST_TEST(!ended(2));
}

BOOST_AUTO_TEST_CASE(of_those_who_are_behind_the_one_with_the_least_to_lose_is_ended) {
    for (const std::size_t i : {0U, 1U, 2U}) add(i);
    begin(0, Wait::room_for_answer);
    begin(1, Wait::rest_of_request);
    begin(2, Wait::first_request);
    clock.advance(Connections::kPatience);
    for (const std::size_t i : {2U, 1U, 0U}) {
        BOOST_TEST(!ended(i));
        add(3);
        BOOST_TEST(ended(i));
    }
}

BOOST_AUTO_TEST_CASE(one_that_was_ended_in_the_middle_of_a_request_does_not_go_on) {
    for (const std::size_t i : {0U, 1U, 2U}) add(i);
    begin(0, Wait::rest_of_request);
    begin(1, Wait::first_request);
    clock.advance(Connections::kPatience);
    connections.end_wait(places[1], true);
    add(3);
    BOOST_TEST(connections.end_wait(places[0], true));
    begin(1, Wait::room_for_answer);
    BOOST_TEST(!connections.end_wait(places[1], true));
}

BOOST_AUTO_TEST_CASE(leftovers_give_way_at_once_and_first_and_whatever_comes) {
    for (const std::size_t i : {0U, 1U, 2U}) add(i);
    wait(0, Wait::next_request);
    begin(1, Wait::leftovers);
    add(3);
    BOOST_TEST(ended(1));
    BOOST_TEST(!ended(0));
    BOOST_TEST(connections.end_wait(places[1], true));
}

BOOST_AUTO_TEST_CASE(a_stop_does_not_wait_for_leftovers) {
    for (const std::size_t i : {0U, 1U}) add(i);
    begin(0, Wait::leftovers);
    connections.begin_stop();
    BOOST_TEST(ended(0));
    BOOST_TEST(!connections.begin_wait(places[1], Wait::leftovers, 0));
}

BOOST_AUTO_TEST_CASE(a_stop_lets_a_begun_request_arrive) {
    for (const std::size_t i : {0U, 1U, 2U}) add(i);
    begin(0, Wait::next_request);
    begin(1, Wait::rest_of_request);
    connections.begin_stop();
    BOOST_TEST(ended(0));
    BOOST_TEST(!ended(1));
    BOOST_TEST(!connections.end_wait(places[1], true));
    BOOST_TEST(connections.begin_wait(places[1], Wait::rest_of_request, 0));
    BOOST_TEST(!connections.begin_wait(places[2], Wait::first_request, 0));
}

BOOST_AUTO_TEST_CASE(without_descriptors_an_idle_one_makes_room_although_there_are_threads) {
    for (const std::size_t i : {0U, 1U}) add(i);
    wait(0, Wait::first_request);
    begin(1, Wait::first_request);
    connections.make_room();
    BOOST_TEST(ended(0));
    connections.make_room();
    BOOST_TEST(!ended(1));
}

BOOST_AUTO_TEST_CASE(an_address_has_a_share_and_gets_it_back) {
    BOOST_TEST(!connections.has_enough("10.0.0.1"));
    add(0, "10.0.0.1");
    BOOST_TEST(!connections.has_enough("10.0.0.1"));
    add(1, "10.0.0.1");
    BOOST_TEST(connections.has_enough("10.0.0.1"));
    BOOST_TEST(!connections.has_enough("10.0.0.2"));
    connections.remove(places[0]);
    BOOST_TEST(!connections.has_enough("10.0.0.1"));
}

BOOST_AUTO_TEST_CASE(the_addresses_of_an_ipv6_network_share) {
    add(0, "2001:db8:0:1::1");
    add(1, "2001:db8:0:1:ffff::2");
    BOOST_TEST(connections.has_enough("2001:db8:0:1::3"));
    BOOST_TEST(!connections.has_enough("2001:db8:0:2::3"));
    add(2, "::ffff:10.0.0.1");
    add(3, "::ffff:10.0.0.1");
    BOOST_TEST(connections.has_enough("::ffff:10.0.0.1"));
    BOOST_TEST(!connections.has_enough("::ffff:10.0.0.2"));
}

BOOST_AUTO_TEST_SUITE_END()
