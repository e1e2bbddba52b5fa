// Servers that do not answer as they should.
#include "http_module/module_fixture.hpp"
#include "support/wait.hpp"

#include <unistd.h>

#include <atomic>
#include <fstream>

namespace {

using namespace foliot::testing;

constexpr std::uint64_t kGigabyte = 1U << 30U;

std::uint64_t resident_bytes() {
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    std::ifstream("/proc/self/statm") >> size >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// Sends this after a request's head, and then what `more` sends until it is false.
struct Sender {
    std::string head;
    std::function<bool(WebConnection&)> more;
    void operator()(WebConnection& connection, WebServer& server) const {
        server.receive(connection);
        connection.send(head);
        while (more && more(connection)) {}
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(misbehaviour, HttpModule)

BOOST_AUTO_TEST_CASE(a_stall_ends_with_the_timeout) {
    for (const char* begin :
         {"", "HTTP/1.1 200 O", "HTTP/1.1 200 OK\r\nX: y\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"}) {
        WebServer server([&](WebConnection& connection, WebServer& self) {
            self.receive(connection);
            connection.send(begin);
            connection.await_close();
        });
        const Report report = post({server.url()}, {{"timeout", 0.2}});
        BOOST_TEST(report.outcome == FOLIOT_FAILED);
        BOOST_TEST(report.result.starts_with(R"({"status":null,"error":"timeout","seconds":)"), report.result);
        BOOST_TEST(contains(report.error_text, "timed out"), report.error_text);
    }
}

BOOST_AUTO_TEST_CASE(a_look_up_that_hangs_ends_with_the_timeout) {
    Names::hang("slow.test");
    for (const char* which : {"timeout", "connect_timeout"}) {
        const Report report = request({"http://slow.test/"}, {{which, 0.2}});
        BOOST_TEST(report.outcome == FOLIOT_FAILED);
        BOOST_TEST(contains(report.result, R"("error":"timeout")"), report.result);
    }
}

BOOST_AUTO_TEST_CASE(answers_that_are_none_are_failures_that_are_retried) {
    const std::string table[] = {
        "",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 20\r\n\r\n",
        "<html>HTTP/0.9</html>",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
    };
    for (const std::string& bytes : table) {
        WebServer server(Sender{bytes, {}});
        const Report report = post({server.url()}, {{"timeout", 20}});
        BOOST_TEST(report.outcome == FOLIOT_FAILED, bytes << ": " << report.error_text);
        BOOST_TEST(report.result.starts_with(R"({"status":null,"error":"protocol")"), bytes << ": " << report.result);
        BOOST_TEST(contains(report.error_text, " failed: "));
    }
}

BOOST_AUTO_TEST_CASE(a_body_without_length_ends_with_the_connection) {
    WebServer server(Sender{"HTTP/1.0 200 OK\r\n\r\nall of it", {}});
    BOOST_TEST(contains(request({server.url()}).result, R"("body":"all of it","truncated":false)"));
}

BOOST_AUTO_TEST_CASE(floods_of_headers_are_cut_off) {
    struct Row {
        const char *head, *again;
    };
    const std::string line(60'000, 'x');
    const Row table[] = {{"HTTP/1.1 200 OK\r\n", "X-Flood: many\r\n"},
                         {"HTTP/1.1 200 OK\r\nX: ", "one line that never ends "},
                         {"", "HTTP/1.1 100 Continue\r\n\r\n"},
                         {"", "HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"}};
    for (const Row& row : table) {
        std::atomic<std::uint64_t> sent = 0;
        std::string block;
        while (block.size() < 60'000) block += row.again;
        WebServer server(Sender{row.head, [&](WebConnection& connection) {
                                    sent += block.size();
                                    return sent < kGigabyte && connection.send(block);
                                }});
        const Report report = post({server.url()}, {{"timeout", 60}});
        BOOST_TEST(report.outcome == FOLIOT_FAILED);
        BOOST_TEST(report.result.starts_with(R"({"status":null,"error":"protocol")"), report.result);
        BOOST_TEST(sent < kGigabyte / 16, sent);
    }
}

BOOST_AUTO_TEST_CASE(of_an_endless_answer_little_is_read_and_the_status_decides) {
    struct Row {
        const char *head, *before, *after;
        int outcome;
    };
    const Row table[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", "", "", FOLIOT_OK},
        {"HTTP/1.1 500 No\r\nContent-Length: 1073741824\r\n\r\n", "", "", FOLIOT_FAILED},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "10000\r\n", "\r\n", FOLIOT_OK},
        {"HTTP/1.1 200 OK\r\n\r\n", "", "", FOLIOT_OK},
    };
    const std::string block(0x10000, 'x');
    for (const Row& row : table) {
        std::atomic<std::uint64_t> sent = 0;
        WebServer server(Sender{row.head, [&](WebConnection& connection) {
                                    sent += block.size();
                                    return sent < kGigabyte && connection.send(row.before + block + row.after);
                                }});
        const std::uint64_t before = resident_bytes();
        const Report report = post({server.url()}, {{"timeout", 60}});
        BOOST_TEST(report.outcome == row.outcome, report.error_text);
        BOOST_TEST(contains(report.result, R"("truncated":true,"bytes":10)"),
                   report.result.substr(report.result.size() - 100));
        BOOST_TEST(report.result.size() < 70'000U);
        BOOST_TEST(sent < kGigabyte / 16, sent);
        BOOST_TEST(resident_bytes() < before + (32U << 20U));
    }
}

BOOST_AUTO_TEST_CASE(up_to_a_limit_an_answer_is_read_to_its_end) {
    BOOST_REQUIRE(configure({{"max_body", 10}, {"max_download", 500'000}}).outcome == FOLIOT_OK);
    std::atomic<bool> all_sent = false;
    WebServer server([&](WebConnection& connection, WebServer& self) {
        self.receive(connection);
        all_sent = connection.send(answer(200, "", std::string(400'000, 'x')));
        connection.await_close();
    });
    const Report report = post({server.url()});
    BOOST_TEST(contains(report.result, R"("body":"xxxxxxxxxx","truncated":true,"bytes":400000)"), report.result);
    BOOST_TEST(wait_until([&] { return all_sent.load(); }));
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_up_while_we_send_is_a_failure) {
    WebServer server([](WebConnection&, WebServer&) {});
    const Report report = post({server.url(), std::string(16U << 20U, 'x')}, {{"timeout", 20}});
    BOOST_TEST(report.outcome == FOLIOT_FAILED);
    BOOST_TEST(report.result.starts_with(R"({"status":null,"error":"protocol")"), report.result);
}

BOOST_AUTO_TEST_CASE(an_answer_before_all_was_sent_counts) {
    WebServer server([](WebConnection& connection, WebServer&) {
        connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        connection.await_close();
    });
    const Report report = post({server.url(), std::string(16U << 20U, 'x')}, {{"timeout", 20}});
    BOOST_TEST(report.outcome == FOLIOT_FAILED);
    BOOST_TEST(contains(report.result, R"("status":413)"), report.result);
}

BOOST_AUTO_TEST_SUITE_END()
