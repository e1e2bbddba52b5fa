// A run that is cancelled ends at once, whatever it waits for.
#include "http_module/module_fixture.hpp"
#include "support/wait.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

namespace {

using namespace foliot::testing;
using Clock = std::chrono::steady_clock;

constexpr auto kAtOnce =
    std::chrono::seconds(5);  ///< milliseconds, on a machine that has time; uncancelled runs last 30 s

std::size_t threads() {
    struct stat status {};
    return ::stat("/proc/self/task", &status) == 0 ? status.st_nlink : 0;
}

std::size_t descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

struct Cancelling : HttpModule {
    /// Runs `run`, cancelled once `when` holds, and checks that it ends then.
    void check(const std::function<bool()>& when, const std::function<Report()>& run) { check(host, when, run); }

    static void check(Host& host, const std::function<bool()>& when, const std::function<Report()>& run) {
        Clock::time_point cancelled;
        bool reached = false;
        std::thread other([&] {
            reached = wait_until(when);
            cancelled = Clock::now();
            host.cancel();
        });
        const Report report = run();
        const auto ended = Clock::now();
        other.join();
        BOOST_TEST(reached);
        BOOST_TEST(report.outcome == FOLIOT_CANCELLED, report.error_text);
        BOOST_TEST((ended - cancelled < kAtOnce));
        BOOST_TEST((ended >= cancelled));
    }
};

/// Listens with a queue that is full: who connects gets no answer.
struct FullListener {
    FullListener() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        BOOST_REQUIRE(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
        BOOST_REQUIRE(::listen(listener.get(), 0) == 0);
        BOOST_REQUIRE(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port = ntohs(address.sin_port);
        for (foliot::Fd& fd : fillers)
            ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), size);  // without blocking
    }
    /// Connections to here that are being made: state 02 of /proc/net/tcp.
    int connecting() const {
        char remote[32];
        std::snprintf(remote, sizeof remote, "0100007F:%04X 02", port);
        std::ifstream file("/proc/net/tcp");
        int count = 0;
        for (std::string line; std::getline(file, line);) count += contains(line, remote) ? 1 : 0;
        return count;
    }

    static foliot::Fd socket() { return foliot::Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); }
    foliot::Fd listener = socket();
    foliot::Fd fillers[4] = {socket(), socket(), socket(), socket()};
    std::uint16_t port = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cancel, Cancelling)

BOOST_AUTO_TEST_CASE(before_it_starts_nothing_is_sent) {
    WebServer server({answer(200)});
    host.cancel();
    BOOST_TEST(post({server.url()}).outcome == FOLIOT_CANCELLED);
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(while_a_name_is_looked_up) {
    const std::size_t before = threads();
    Names::hang("slow.test");
    check([] { return Names::hanging() == 1; }, [&] { return post({"http://slow.test/"}); });
    // The look-up cannot be ended: its thread stays until there is an answer, and the worker that sees it is replaced,
    // as it is after any cancelled run.
    BOOST_TEST(threads() == before + 1);
    Names::release();
    BOOST_TEST(wait_until([&] { return threads() == before; }));
}

BOOST_AUTO_TEST_CASE(while_it_connects) {
    const FullListener listener;
    BOOST_REQUIRE(wait_until([&] { return listener.connecting() > 0; }));
    const int before = listener.connecting();
    check([&] { return listener.connecting() > before; },
          [&] { return post({"http://127.0.0.1:" + std::to_string(listener.port) + "/"}); });
}

BOOST_AUTO_TEST_CASE(in_the_tls_handshake) {
    WebServer server([](WebConnection& connection, WebServer& self) {
        self.reach();
        connection.await_close();
    });
    check([&] { return server.reached(); },
          [&] { return post({"https://127.0.0.1:" + std::to_string(server.port()) + "/"}); });
}

BOOST_AUTO_TEST_CASE(while_it_sends) {
    std::atomic<bool> go = false;
    WebServer server([&](WebConnection& connection, WebServer& self) {
        self.reach();
        wait_until([&] { return go.load(); });
        connection.await_close();
    });
    const std::string much(32U << 20U, 'x');  // more than the buffers between the two hold
    check([&] { return server.reached(); }, [&] { return post({server.url(), much}); });
    go = true;
}

BOOST_AUTO_TEST_CASE(while_it_waits_for_the_answer_or_its_rest) {
    for (const char* begin :
         {"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"}) {
        Host fresh;
        WebServer server([&](WebConnection& connection, WebServer& self) {
            self.receive(connection);
            connection.send(begin);
            self.reach();
            connection.await_close();
        });
        check(
            fresh, [&] { return server.reached(); }, [&] { return fresh.call(object.job("post"), {server.url()}); });
    }
}

BOOST_AUTO_TEST_CASE(while_an_answer_streams_in) {
    const std::string block(65536, 'x');
    BOOST_REQUIRE(configure({{"max_download", 1U << 30U}}).outcome == FOLIOT_OK);
    WebServer server([&](WebConnection& connection, WebServer& self) {
        self.receive(connection);
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        while (connection.send(block)) self.reach();
    });
    check([&] { return server.reached(); }, [&] { return post({server.url()}); });
}

BOOST_AUTO_TEST_CASE(nothing_is_left_behind) {
    WebServer server({answer(200, "", "x"), answer(500), answer(302, "Location: /x\r\n")});
    Names::set("here.test", {"127.0.0.1"});
    const std::string by_name = "http://here.test:" + std::to_string(server.port()) + "/";
    post({by_name});  // what is loaded once is loaded
    const std::size_t threads_before = threads();
    const std::size_t descriptors_before = descriptors();
    for (int i = 0; i < 5; ++i) {
        post({by_name});
        post({server.url()});
        post({"http://127.0.0.1:1/"});
    }
    BOOST_TEST(threads() == threads_before);
    // The server's thread may hold a connection a little longer.
    BOOST_TEST(wait_until([&] { return descriptors() <= descriptors_before; }));
}

BOOST_AUTO_TEST_SUITE_END()
