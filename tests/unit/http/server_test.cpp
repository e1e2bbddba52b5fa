// Connections: bounds, deadlines, the end.
#include "serving.hpp"

#include <boost/test/unit_test.hpp>
#include <netinet/tcp.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <list>
#include <thread>

using namespace foliot;
using namespace foliot::testing;

namespace {

const SystemClock kClock;

Micros time_of(const std::function<void()>& action) {
    const Micros start = kClock.monotonic();
    action();
    return kClock.monotonic() - start;
}

std::ptrdiff_t thread_count() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
}

/// Of the socket of this process that listens on the port.
unsigned backlog_of(std::uint16_t port) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const int fd = std::stoi(entry.path().filename());
        sockaddr_in address{};
        socklen_t length = sizeof address;
        if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) continue;
        tcp_info info{};
        length = sizeof info;
        const bool listens =
            ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 && info.tcpi_state == TCP_LISTEN;
        if (listens && address.sin_port == htons(port)) return info.tcpi_sacked;  // then it means that
    }
    return 0;
}

/// Sends one byte each 20 ms until the connection is cut.
void drip(Client& client, std::string_view bytes) {
    for (const char byte : bytes) {
        if (!client.send(std::string_view(&byte, 1))) return;
        ::poll(nullptr, 0, 20);
    }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(server, Serving)

BOOST_AUTO_TEST_CASE(one_connection_serves_many_requests) {
    Client client(start());
    for (int i = 0; i < 500; ++i) BOOST_REQUIRE(client.ask(get("/view")).body == "a");
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_ended_after_the_keep_alive_time) {
    options.keep_alive = 100 * kMillisecond;
    Client client(start());
    const Micros took = time_of([&] {
        BOOST_TEST(client.ask(get("/any")).status == 200);
        BOOST_TEST(client.closed());
    });
    BOOST_TEST(took >= options.keep_alive);
    BOOST_TEST(took < 5 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_slow_head_is_cut_at_its_deadline_however_often_a_byte_comes) {
    options.header_deadline = 300 * kMillisecond;
    Client client(start());
    const Micros took = time_of([&] { drip(client, "GET /any HTTP/1.1\r\nHost: x\r\nX: " + std::string(400, 'x')); });
    BOOST_TEST(took < 4 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_silent_client_is_cut_and_a_half_head_is_told_why) {
    options.header_deadline = 200 * kMillisecond;
    const std::uint16_t port = start();
    Client silent(port), half(port);
    half.send("GET /any HT");
    BOOST_TEST(half.answer().status == 408);
    BOOST_TEST(half.closed());
    BOOST_TEST(silent.closed());
}

BOOST_AUTO_TEST_CASE(a_slow_body_is_cut_at_its_deadline) {
    options.body_deadline = 300 * kMillisecond;
    Client client(start());
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nAuthorization: admin\r\nContent-Length: 1000\r\n\r\n");
    const Micros took = time_of([&] {
        drip(client, std::string(10, 'x'));
        BOOST_TEST(client.answer().status == 408);
    });
    BOOST_TEST(took < 3 * kSecond);
    BOOST_TEST(served_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_slow_body_is_cut_at_its_deadline_however_often_a_byte_comes) {
    options.body_deadline = 300 * kMillisecond;
    Client client(start());
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nAuthorization: admin\r\nContent-Length: 1000\r\n\r\n");
    const Micros took = time_of([&] { drip(client, std::string(400, 'x')); });
    BOOST_TEST(took < 4 * kSecond);
    BOOST_TEST(served_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_loses_its_connection_and_frees_the_thread) {
    options.send_timeout = 200 * kMillisecond;
    options.max_connections = 1;
    const std::uint16_t port = start();
    Client deaf(port, 4096);
    deaf.send(get("/big?n=20000000"));
    Client other(port);
    const Micros took = time_of([&] { BOOST_TEST(other.ask(get("/any")).status == 200); });
    BOOST_TEST(took < 5 * kSecond);
    BOOST_CHECK_THROW(deaf.answer(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(idle_connections_leave_a_quarter_of_the_threads_to_others) {
    options.max_connections = 4;
    options.keep_alive = 20 * kSecond;
    const std::uint16_t port = start();
    std::list<Client> clients;
    for (int i = 0; i < 3; ++i) BOOST_TEST(!clients.emplace_back(port).ask(get("/any")).has("Connection: close"));
    for (int i = 0; i < 8; ++i) BOOST_TEST(Client(port).ask(get("/any")).has("Connection: close"));
    BOOST_TEST(clients.front().ask(get("/any")).status == 200);
}

BOOST_AUTO_TEST_CASE(one_idle_connection_gives_its_thread_to_a_new_one_and_the_others_stay) {
    options.max_connections = 8;
    options.keep_alive = 20 * kSecond;
    const std::uint16_t port = start();
    std::list<Client> idle;
    for (int i = 0; i < 6; ++i) BOOST_TEST(!idle.emplace_back(port).ask(get("/any")).has("Connection: close"));
    hold = true;
    Client held(port), also_held(port), fresh(port);
    held.send(get("/hold"));
    also_held.send(get("/hold"));
    BOOST_TEST(fresh.ask(get("/any")).status == 200);
    const auto stayed = std::ranges::count_if(idle, [](Client& c) { return c.ask(get("/any")).status == 200; });
    BOOST_TEST(stayed == 5);
    hold = false;
    BOOST_TEST(held.answer().body == "held");
    BOOST_TEST(also_held.answer().body == "held");
}

BOOST_AUTO_TEST_CASE(beyond_the_queue_a_client_is_told_to_come_back) {
    options.max_connections = 1;
    options.max_queued = 1;
    hold = true;
    const std::uint16_t port = start();
    Client held(port);
    held.send(get("/hold"));
    BOOST_REQUIRE(wait_until([&] { return holding == 1; }));
    Client queued(port), refused(port);
    const Answer answer = refused.answer();
    BOOST_TEST(answer.status == 503);
    for (const char* field : {"Retry-After: 1\r\n", "Connection: close\r\n", "X-Request-Id: ", "Date: ",
                              "Content-Length: 0\r\n", "X-Content-Type-Options: nosniff\r\n"}) {
        BOOST_TEST(answer.has(field), field);
    }
    BOOST_TEST(refused.closed());
    hold = false;
    BOOST_TEST(held.answer().body == "held");
    BOOST_TEST(queued.ask(get("/any")).status == 200);
}

BOOST_AUTO_TEST_CASE(a_burst_of_connections_waits_in_the_kernel_as_far_as_that_allows) {
    std::ifstream file("/proc/sys/net/core/somaxconn");
    unsigned most = 0;
    file >> most;
    BOOST_TEST(backlog_of(start()) == std::min<unsigned>(most, SOMAXCONN));
}

BOOST_AUTO_TEST_CASE(big_answers_arrive_whole) {
    Client client(start());
    for (const std::size_t size : {4095U, 4096U, 100'000U, 10'000'000U}) {
        const Answer answer = client.ask(get("/big?n=" + std::to_string(size)));
        BOOST_TEST(answer.body.size() == size);
    }
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_an_error_that_names_it) {
    options.port = start();
    try {
        api::HttpServer second(options, router, who);
        BOOST_ERROR("the port was shared");
    } catch (const std::runtime_error& error) {
        const std::string text = error.what();
        BOOST_TEST(text.find("127.0.0.1:" + std::to_string(options.port)) != std::string::npos, text);
        BOOST_TEST(text.find("in use") != std::string::npos, text);
    }
    BOOST_TEST(Client(options.port).ask(get("/any")).status == 200);
}

BOOST_AUTO_TEST_CASE(a_stopped_port_refuses_and_can_be_used_again_at_once) {
    options.port = start();
    Client idle(options.port);
    BOOST_TEST(idle.ask(get("/any")).status == 200);
    const Micros took = time_of([&] { server->stop(10 * kSecond); });
    BOOST_TEST(took < 2 * kSecond);
    BOOST_TEST(idle.closed());
    BOOST_CHECK_THROW(Client{options.port}, std::system_error);
    server->stop(0);
    BOOST_TEST(Client(start()).ask(get("/any")).status == 200);
}

BOOST_AUTO_TEST_CASE(stop_lets_a_running_request_end) {
    hold = true;
    Client client(start());
    client.send(get("/hold"));
    BOOST_REQUIRE(wait_until([&] { return holding == 1; }));
    std::thread stopper([&] { server->stop(20 * kSecond); });
    hold = false;
    const Answer answer = client.answer();
    stopper.join();
    BOOST_TEST(answer.body == "held");
}

BOOST_AUTO_TEST_CASE(a_connection_that_stop_finds_in_the_queue_is_told_so) {
    options.max_connections = options.max_queued = 1;
    hold = true;
    Client held(start());
    held.send(get("/hold"));
    BOOST_REQUIRE(wait_until([&] { return holding == 1; }));
    Client queued(server->port()), one_too_many(server->port());
    BOOST_TEST(one_too_many.answer().status == 503);  // so the one before it is in the queue
    std::thread stopper([&] { server->stop(20 * kSecond); });
    BOOST_TEST(queued.answer().status == 503);
    hold = false;
    BOOST_TEST(held.answer().body == "held");
    stopper.join();
}

BOOST_AUTO_TEST_CASE(stop_cuts_slow_clients_after_the_grace) {
    const std::uint16_t port = start();
    Client slow(port);
    slow.send("GET /");
    Client probe(port);
    BOOST_TEST(probe.ask(get("/any")).status == 200);
    const Micros took = time_of([&] { server->stop(200 * kMillisecond); });
    BOOST_TEST(took < 3 * kSecond);
}

BOOST_AUTO_TEST_CASE(stop_under_load_is_quick_cuts_no_answer_in_half_and_leaves_no_thread) {
    options.max_connections = 8;
    const std::ptrdiff_t threads = thread_count();
    for (int round = 0; round < 30; ++round) {
        const std::uint16_t port = start();
        std::atomic<bool> done{false};
        std::atomic<int> answers{0}, halves{0};
        std::vector<std::thread> clients;
        for (int i = 0; i < 6; ++i) {
            clients.emplace_back([&] {
                while (!done) {
                    try {
                        Client client(port);
                        for (Answer answer; (answer = client.ask(get("/big?n=20000"))).status == 200;) ++answers;
                    } catch (const std::system_error&) {
                        // refused or reset: the server stops
                    } catch (const std::runtime_error&) {
                        ++halves;
                    }
                }
            });
        }
        BOOST_TEST(wait_until([&] { return answers > 50; }));
        const Micros took = time_of([&] { server->stop(5 * kSecond); });
        done = true;
        for (std::thread& client : clients) client.join();
        BOOST_TEST(took < 3 * kSecond);
        BOOST_TEST(halves == 0);
        BOOST_TEST(thread_count() == threads);
        BOOST_CHECK_THROW(Client{port}, std::system_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
