// Many clients, most of whom keep a thread waiting: others are served all the same.
#include "serving.hpp"
#include "support/slowdown.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <functional>
#include <list>
#include <thread>

using namespace foliot;
using namespace foliot::testing;

namespace {

const SystemClock kClock;
const std::string kPost = "POST /echo HTTP/1.1\r\nHost: x\r\nAuthorization: admin\r\n";

struct Crowd : Serving {
    std::uint16_t port = 0;
    std::list<Client> crowd;

    /// All clients have one address, also those of an attempt before.
    Crowd() { options.max_per_address = 10'000; }

    /// The shipped limits unless the test says otherwise; clients begin with `bytes` and then stop.
    void gather(int count, const std::string& bytes, int receive_buffer = 0) {
        if (port == 0) port = start();
        for (int i = 0; i < count; ++i) crowd.emplace_back(port, receive_buffer).send(bytes);
    }
    /// All of them go on, ten times a second, until this ends.
    std::jthread steadily(const std::function<void(Client&)>& act) {
        return std::jthread([this, act](const std::stop_token& end) {
            while (!end.stop_requested()) {
                std::for_each(crowd.begin(), crowd.end(), act);
                ::poll(nullptr, 0, 100);
            }
        });
    }
    /// Of a request on a new connection, the longest of so many.
    Micros delay(int times = 1) const {
        Micros longest = 0;
        for (; times > 0; --times) {
            const Micros begin = kClock.monotonic();
            Client client(port);
            BOOST_TEST(client.ask(get("/any")).status == 200);
            longest = std::max(longest, kClock.monotonic() - begin);
        }
        return longest;
    }
    /// Is the delay that `attempt` tells below a second? The machine may be busy, too: a few attempts are allowed, each
    /// with a crowd of its own.
    bool is_short(const std::function<Micros()>& attempt) {
        for (int i = 0; i < 5; ++i) {
            crowd.clear();
            if (attempt() < kSlowdown * kSecond) return true;
        }
        return false;
    }
};

/// Both ends of 1,000 connections are in this process.
boost::test_tools::assertion_result may_open_enough(boost::unit_test::test_unit_id /*test*/) {
    constexpr rlim_t kFiles = 2'200;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < kFiles) limit.rlim_cur = std::min(kFiles, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    boost::test_tools::assertion_result enough(limit.rlim_cur >= kFiles);
    enough.message() << "2,200 files must be open at once (ulimit -Hn)";
    return enough;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(crowd, Crowd)

BOOST_AUTO_TEST_CASE(clients_with_half_a_head_do_not_keep_the_next_one_waiting) {
    BOOST_TEST(is_short([this] {
        gather(options.max_connections, "GET /");
        return delay();
    }));
}

BOOST_AUTO_TEST_CASE(clients_with_half_a_body_do_not_keep_the_next_one_waiting) {
    BOOST_TEST(is_short([this] {
        gather(options.max_connections / 2, kPost + "Content-Length: 1000\r\n\r\nabc");
        gather(options.max_connections / 2, kPost + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc");
        return delay();
    }));
    BOOST_TEST(served_count() == 0U);
}

BOOST_AUTO_TEST_CASE(clients_that_do_not_read_do_not_keep_the_next_one_waiting) {
    options.max_connections = 16;
    BOOST_TEST(is_short([this] {
        gather(options.max_connections, get("/big?n=5000000"), 4096);
        return delay();
    }));
}

BOOST_AUTO_TEST_CASE(nor_do_clients_that_are_slow_and_steady) {
    const std::string piece(10'000, 'x');
    BOOST_TEST(is_short([&] {
        gather(options.max_connections / 2, kPost + "Content-Length: 1000000\r\n\r\n");
        gather(options.max_connections / 2, "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
        const std::jthread senders = steadily([&](Client& client) { client.send(piece); });
        return delay(3);
    }));
}

BOOST_AUTO_TEST_CASE(nor_do_clients_that_read_slowly_and_steadily) {
    options.max_connections = 16;
    BOOST_TEST(is_short([this] {
        gather(options.max_connections, get("/big?n=5000000"), 4096);
        const std::jthread readers = steadily([](Client& client) { client.skip(10'000); });
        return delay(3);
    }));
}

BOOST_AUTO_TEST_CASE(a_client_has_its_time_once_and_not_again_for_each_part) {
    BOOST_TEST(is_short([this] {
        gather(options.max_connections, "");
        const std::jthread parts([this] {
            for (const char* part : {"B", "AD\r\n\r\n"}) {
                ::poll(nullptr, 0, 350);
                for (Client& client : crowd) client.send(part);
            }
        });
        return delay();
    }));
}

BOOST_AUTO_TEST_CASE(refused_clients_that_go_on_sending_do_not_keep_the_next_one_waiting) {
    const std::string piece(10'000, 'x');
    BOOST_TEST(is_short([&] {
        gather(options.max_connections, "BAD\r\n\r\n");
        const std::jthread senders = steadily([&](Client& client) { client.send(piece); });
        return delay(3);
    }));
}

BOOST_AUTO_TEST_CASE(a_thousand_refused_clients_that_stay_do_not_either,
                     *boost::unit_test::precondition(may_open_enough)) {
    BOOST_TEST(is_short([this] {
        gather(1'000, "BAD\r\n\r\n");
        return delay();
    }));
    for (Client& client : crowd) BOOST_TEST(client.answer().status == 400);
}

BOOST_AUTO_TEST_CASE(slow_clients_that_had_to_queue_are_not_served_one_after_the_other) {
    options.max_connections = 4;
    BOOST_TEST(is_short([this] {
        gather(100, "GET /");
        return delay(2);
    }));
}

BOOST_AUTO_TEST_CASE(the_client_that_took_longest_is_told_and_the_other_goes_on) {
    options.max_connections = 2;
    gather(1, kPost + "Content-Length: 500000\r\n\r\n");
    Client& slow = crowd.front();
    ::poll(nullptr, 0, 200);
    Client steady(port);
    steady.send(kPost + "Content-Length: 500000\r\n\r\n");
    Client third(port);
    third.send(get("/any"));
    const std::string part(50'000, 'x');
    for (int i = 0; i < 10; ++i) {
        steady.send(part);
        ::poll(nullptr, 0, 100);
    }
    BOOST_TEST(third.answer().status == 200);
    BOOST_TEST(slow.answer().status == 408);
    BOOST_TEST(steady.answer().body.size() == 500'000U);
}

BOOST_AUTO_TEST_CASE(a_thousand_idle_connections_do_not_keep_a_request_waiting,
                     *boost::unit_test::precondition(may_open_enough)) {
    BOOST_TEST(is_short([this] {
        gather(1'000, "");
        return delay(3);
    }));
    BOOST_TEST(crowd.front().closed());
}

BOOST_AUTO_TEST_CASE(a_thousand_connections_that_have_been_served_do_not_either,
                     *boost::unit_test::precondition(may_open_enough)) {
    port = start();
    BOOST_TEST(is_short([this] {
        for (int i = 0; i < 1'000; ++i) BOOST_TEST(crowd.emplace_back(port).ask(get("/any")).status == 200);
        return delay(3);
    }));
}

BOOST_AUTO_TEST_CASE(an_address_with_too_many_connections_is_turned_away_at_once_until_one_ends) {
    options.max_connections = 2;
    options.max_per_address = 3;
    hold = true;
    gather(2, get("/hold"));
    BOOST_REQUIRE(wait_until([&] { return holding == 2; }));
    gather(1, get("/any"));
    Client refused(port);
    const Answer answer = refused.answer();
    BOOST_TEST(answer.status == 429);
    BOOST_TEST(answer.has("Retry-After: 1\r\n"));
    BOOST_TEST(refused.closed());
    hold = false;
    for (Client& client : crowd) BOOST_TEST(client.answer().status == 200);
    crowd.clear();
    BOOST_TEST(wait_until([&] { return Client(port).ask(get("/any")).status == 200; }));
}

BOOST_AUTO_TEST_CASE(a_trusted_proxy_may_have_any_number_of_connections) {
    options.max_per_address = 1;
    options.trusted_proxies.add("127.0.0.0/8");
    gather(3, get("/any"));
    for (Client& client : crowd) BOOST_TEST(client.answer().status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
