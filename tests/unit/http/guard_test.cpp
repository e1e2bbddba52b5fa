// What Poco gets to see of a client.
#include "api/http/guard.hpp"

#include "toy.hpp"

#include <Poco/Net/StreamSocket.h>
#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::api;

namespace {

struct Setup {
    SystemClock clock;
    ServerOptions options;
    Connections connections{8, clock};
    FdPair pair = make_socket_pair();
    GuardedSocket* guard = new GuardedSocket(pair.ours.release(), "peer", options, clock, connections);
    Poco::Net::StreamSocket socket{guard};

    ~Setup() { socket.close(); }
    void send(const std::string& bytes) { BOOST_REQUIRE(write_all(pair.theirs.get(), bytes)); }
    bool wait() { return socket.poll(Poco::Timespan(0), Poco::Net::Socket::SELECT_READ); }
    /// Until the guard says that there is no more.
    std::string read() {
        char chunk[100];
        std::string all;
        for (int got = 0; (got = socket.receiveBytes(chunk, sizeof chunk)) > 0;) {
            all.append(chunk, static_cast<std::size_t>(got));
        }
        return all;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(guard, Setup)

BOOST_AUTO_TEST_CASE(it_shows_one_request_at_a_time_and_of_its_head_only_what_frames_it) {
    send("PUT /a HTTP/1.0\r\nX: =?utf-8?B?YQ==?=\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST(wait());
    BOOST_TEST(read() == "PUT /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
    BOOST_TEST(guard->head().header("x") == "=?utf-8?B?YQ==?=");
    BOOST_TEST(wait());
    BOOST_TEST(read() == "GET /b HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(it_shows_nothing_of_a_refused_request_and_nothing_after_it) {
    send("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST(wait());
    BOOST_TEST(read() == "GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST(guard->refusal().value().status == 411);
    BOOST_TEST(!wait());
}

BOOST_AUTO_TEST_CASE(a_body_that_is_left_unread_never_becomes_a_request) {
    const std::string hidden = "GET /b HTTP/1.1\r\nHost: x\r\n\r\n";
    send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(hidden.size()) + "\r\n\r\n" + hidden);
    BOOST_TEST(wait());
    char head[200];
    const int got = socket.receiveBytes(head, sizeof head);
    BOOST_TEST(std::string_view(head, static_cast<std::size_t>(got)).ends_with("\r\n\r\n"));
    BOOST_TEST(!wait());
}

BOOST_AUTO_TEST_CASE(it_waits_no_longer_than_its_own_deadlines_whatever_poco_asks_for) {
    options.header_deadline = 50 * kMillisecond;
    BOOST_TEST(!socket.poll(Poco::Timespan(3600, 0), Poco::Net::Socket::SELECT_READ));
    send("GET /a HTTP/1.1\r\n");
    BOOST_TEST(wait());
    BOOST_TEST(guard->refusal().value().status == 408);
}

BOOST_AUTO_TEST_SUITE_END()
