// Who is ended when threads are scarce.
#include "api/http/connections.hpp"

#include "base/fd.hpp"
#include "support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/socket.h>

#include <array>

using namespace foliot;
using foliot::api::Connections;

namespace {

struct Setup {
    foliot::testing::ManualClock clock;
    Connections connections{3, clock};
    std::array<FdPair, 4> pairs{make_socket_pair(), make_socket_pair(), make_socket_pair(), make_socket_pair()};
    std::array<Connections::Place, 4> places;

    void add(std::size_t i) { places[i] = connections.add(pairs[i].ours.get()); }
    void wait(std::size_t i, bool first) {
        connections.begin_wait(places[i], first);
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
    wait(0, true);
    for (const std::size_t i : {2U, 1U}) {
        wait(i, true);
        connections.end_wait(places[i], true);
    }
    for (const std::size_t i : {2U, 1U}) wait(i, false);
    add(3);
    BOOST_TEST(ended(2));
    BOOST_TEST(!ended(0));
    BOOST_TEST(!ended(1));
}

BOOST_AUTO_TEST_CASE(a_silent_one_is_ended_only_after_its_time) {
    for (const std::size_t i : {0U, 1U, 2U}) add(i);
    for (const std::size_t i : {0U, 1U, 2U}) connections.begin_wait(places[i], true);
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
        wait(i, true);
    }
    connections.end_wait(places[1], true);
    connections.begin_end(places[1]);
    add(3);
    for (const std::size_t i : {0U, 2U}) BOOST_TEST(!ended(i));
    BOOST_TEST(!connections.give_way(places[0]));
}

BOOST_AUTO_TEST_CASE(one_gives_way_for_one_and_another_when_a_request_came_meanwhile) {
    for (const std::size_t i : {0U, 1U, 2U}) add(i);
    for (const std::size_t i : {0U, 1U, 2U}) connections.begin_wait(places[i], true);
    add(3);
    BOOST_TEST(connections.give_way(places[1]));
    BOOST_TEST(!connections.give_way(places[0]));
    clock.advance(Connections::kPatience);
    connections.end_wait(places[1], true);
    BOOST_TEST(ended(0));
    BOOST_TEST(!ended(2));
}

BOOST_AUTO_TEST_SUITE_END()
