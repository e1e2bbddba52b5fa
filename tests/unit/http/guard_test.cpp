// What Poco gets to see of a client.
#include "api/http/guard.hpp"

#include "api/http/streaming.hpp"
#include "toy.hpp"

#include <Poco/Net/StreamSocket.h>
#include <boost/test/unit_test.hpp>

#include <list>

using namespace foliot;
using namespace foliot::api;

namespace {

const std::string kShown = "GET / HTTP/1.1\r\n\r\n";
const std::string kChunked = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

struct Setup {
    SystemClock clock;
    ServerOptions options;
    Connections connections{8, 8, clock};
    StreamPlaces streams{8};
    RequestIds ids{clock};
    RequestLog log{clock};
    HttpTally tally{{}};
    FdPair pair = make_socket_pair();
    GuardedSocket* guard =
        new GuardedSocket(pair.ours.release(), "peer", {options, clock, connections, streams, ids, log, tally});
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

/// Goes as time does, but for what a test leaves out.
struct SkippingClock final : Clock {
    SystemClock real;
    Micros skipped = 0;
    Micros now() const override { return real.now() + skipped; }
    Micros monotonic() const override { return real.monotonic() + skipped; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(guard, Setup)

BOOST_AUTO_TEST_CASE(it_shows_one_empty_request_for_each_and_keeps_the_real_one) {
    send("PUT /a HTTP/1.0\r\nX: =?utf-8?B?YQ==?=\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST(wait());
    BOOST_TEST(read() == kShown);
    BOOST_TEST(guard->head().method == "PUT");
    BOOST_TEST(guard->head().header("x") == "=?utf-8?B?YQ==?=");
    guard->receive_body();
    BOOST_TEST(guard->body() == "abc");
    BOOST_TEST(wait());
    BOOST_TEST(read() == kShown);
    BOOST_TEST(guard->head().target == "/b");
    guard->receive_body();
    BOOST_TEST(guard->body().empty());
}

BOOST_AUTO_TEST_CASE(nothing_comes_after_a_body_that_was_not_taken) {
    send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST(wait());
    BOOST_TEST(!guard->may_stay());
    BOOST_TEST(!wait());
}

BOOST_AUTO_TEST_CASE(leave_is_needed_for_a_large_body_and_where_the_client_asks_for_it) {
    const auto needs_leave = [](const std::string& fields) {
        Setup other;
        other.send("POST /a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
        BOOST_TEST(other.wait());
        return other.guard->needs_leave();
    };
    BOOST_TEST(!needs_leave(""));
    BOOST_TEST(!needs_leave("Expect: 100-continue\r\n"));
    BOOST_TEST(!needs_leave("Content-Length: 16384\r\n"));
    BOOST_TEST(needs_leave("Content-Length: 16385\r\n"));
    BOOST_TEST(needs_leave("Content-Length: 1\r\nExpect: 100-continue\r\n"));
    BOOST_TEST(needs_leave("Transfer-Encoding: chunked\r\n"));
}

BOOST_AUTO_TEST_CASE(nothing_comes_after_a_refused_request) {
    send("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST(wait());
    BOOST_TEST(read() == kShown);
    BOOST_TEST(guard->refusal().value().status == 501);
    BOOST_TEST(!wait());
}

BOOST_AUTO_TEST_CASE(chunks_are_put_together_and_end_where_they_say) {
    send(kChunked + "3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST(wait());
    guard->receive_body();
    BOOST_TEST(!guard->refusal().has_value());
    BOOST_TEST(guard->body() == "abc0123456789");
    BOOST_TEST(read() == kShown);
    BOOST_TEST(wait());
    BOOST_TEST(guard->head().target == "/b");
}

BOOST_AUTO_TEST_CASE(what_a_half_request_owes_it_owes_since_it_began) {
    options.max_connections = 8;
    send("GET /a HTTP/1.1\r\n");
    const Micros begin = clock.monotonic();
    std::list<FdPair> others;  // more than there are threads: the slow one has to go
    for (int i = 0; i < 8; ++i) connections.add(others.emplace_back(make_socket_pair()).ours.get(), "other");
    BOOST_TEST(wait());
    BOOST_TEST(clock.monotonic() - begin < 5 * kSecond);
    BOOST_TEST(guard->refusal().value().status == 408);
}

BOOST_AUTO_TEST_CASE(it_waits_no_longer_than_its_own_deadlines_whatever_poco_asks_for) {
    options.header_deadline = 50 * kMillisecond;
    BOOST_TEST(!socket.poll(Poco::Timespan(3600, 0), Poco::Net::Socket::SELECT_READ));
    send("GET /a HTTP/1.1\r\n");
    BOOST_TEST(wait());
    BOOST_TEST(guard->refusal().value().status == 408);
}

/// In the queue, say.
BOOST_AUTO_TEST_CASE(the_deadline_of_the_first_head_counts_from_the_accept) {
    SkippingClock late;
    FdPair own = make_socket_pair();
    const FrontDoor door{options, late, connections, streams, ids, log, tally};
    Poco::Net::StreamSocket late_socket(new GuardedSocket(own.ours.release(), "peer", door));
    late.skipped = options.header_deadline;
    const Micros begin = clock.monotonic();
    BOOST_TEST(!late_socket.poll(Poco::Timespan(0), Poco::Net::Socket::SELECT_READ));
    BOOST_TEST(clock.monotonic() - begin < options.header_deadline / 2);
    late_socket.close();
}

BOOST_AUTO_TEST_SUITE_END()
