// Answers that go on.
#include "base/bell.hpp"
#include "serving.hpp"
#include "support/stream_client.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// What the test says, from another thread, until it says the end.
struct Script {
    Bell bell;
    std::mutex mutex;
    std::string said;
    bool over = false;
    bool endless = false;  ///< it always has more
    std::atomic<int> streams{0};

    void say(const std::string& text, bool end = false) {
        {
            const std::lock_guard lock(mutex);
            said += text;
            over = end;
        }
        bell.ring();
    }
};

class Scripted final : public api::StreamedBody {
  public:
    explicit Scripted(Script& script) : script_(script) { ++script_.streams; }
    ~Scripted() override { --script_.streams; }
    Then next(std::string& bytes) override {
        const std::lock_guard lock(script_.mutex);
        script_.bell.clear();
        bytes += std::exchange(script_.said, "");
        if (script_.endless) bytes.append(100'000, 'x');
        return script_.over ? Then::ended : script_.endless ? Then::at_once : Then::on_news;
    }
    int news() const override { return script_.bell.fd(); }
    std::string heartbeat() const override { return ":\n"; }

  private:
    Script& script_;
};

struct Streaming : Serving {
    Script script;
    std::atomic<bool> revoked{false};
    std::uint16_t port = 0;

    Streaming() {
        add("GET", "/stream", api::Access::viewer, Scope::read, [this](const api::Request&) {
            api::Response response = text("");
            response.stream = std::make_shared<Scripted>(script);
            return response;
        });
    }
    ~Streaming() {
        if (server) server->stop(0);  // before the script goes
    }
    /// "Bearer NAME" is that account.
    void serve() {
        const auto authenticate = [this](const api::Evidence& evidence) -> std::optional<Principal> {
            static const std::map<std::string_view, std::int64_t> accounts{
                {"Bearer a", 1}, {"Bearer b", 2}, {"Bearer c", 3}};
            const auto found = accounts.find(evidence.authorization);
            if (found == accounts.end() || revoked) return std::nullopt;
            return Principal{found->second, "user", Role::viewer, Scope::read};
        };
        server = std::make_unique<api::HttpServer>(options, router, authenticate);
        port = server->port();
    }
    bool have(int streams) {
        return wait_until([&] { return script.streams == streams; });
    }
    int status_for(const std::string& who) {
        Client client(port);
        return client.ask(get("/stream", "Authorization: Bearer " + who + "\r\n"), false).status;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(streams, Streaming)

BOOST_AUTO_TEST_CASE(what_is_said_comes_at_once_until_the_end) {
    serve();
    StreamClient client(port, "a", "/stream");
    script.say("one ");
    BOOST_TEST(client.read_until("one "));
    BOOST_TEST(client.head().find("\r\nTransfer-Encoding: chunked\r\n") != std::string::npos);
    BOOST_TEST(client.head().find("\r\nConnection: close\r\n") != std::string::npos);
    BOOST_TEST(client.head().find("\r\nCache-Control: no-store\r\n") != std::string::npos);
    BOOST_TEST(client.head().find("Content-Length") == std::string::npos);
    script.say("two ");
    BOOST_TEST(client.read_until("two "));
    script.say("three", true);
    BOOST_TEST(client.read_to_end());
    BOOST_TEST(client.body() == "one two three");
    BOOST_TEST(have(0));
}

BOOST_AUTO_TEST_CASE(for_http_1_0_the_end_of_the_connection_is_the_end) {
    serve();
    Client client(port);
    script.say("all of it", true);
    const Answer answer = client.ask("GET /stream HTTP/1.0\r\nAuthorization: Bearer a\r\n\r\n");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(!answer.has("Transfer-Encoding"));
    BOOST_TEST(answer.has("Connection: close"));
    BOOST_TEST(client.rest() == "all of it");
}

BOOST_AUTO_TEST_CASE(head_has_the_headers_alone) {
    serve();
    Client client(port);
    const Answer answer = client.ask("HEAD /stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\n\r\n", false);
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.has("Transfer-Encoding: chunked"));
    BOOST_TEST(client.closed());
    BOOST_TEST(have(0));
}

BOOST_AUTO_TEST_CASE(a_client_that_leaves_is_noticed_at_once) {
    serve();
    {
        StreamClient client(port, "a", "/stream");
        BOOST_TEST(have(1));
    }
    BOOST_TEST(have(0));
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_is_cut) {
    options.send_timeout = 100 * kMillisecond;
    script.endless = true;
    serve();
    StreamClient client(port, "a", "/stream", {.receive_buffer = 4096});
    BOOST_TEST(have(1));
    BOOST_TEST(have(0));
}

BOOST_AUTO_TEST_CASE(a_stop_waits_for_none_of_them) {
    serve();
    StreamClient client(port, "a", "/stream");
    script.say("begun");
    BOOST_TEST(client.read_until("begun"));
    const SystemClock clock;
    const Micros begin = clock.monotonic();
    server->stop(20 * kSecond);
    BOOST_TEST(clock.monotonic() - begin < 10 * kSecond);
    BOOST_TEST(client.read_to_break());
}

BOOST_AUTO_TEST_CASE(nor_for_one_whose_client_does_not_read) {
    options.send_timeout = 60 * kSecond;
    script.endless = true;
    serve();
    StreamClient client(port, "a", "/stream", {.receive_buffer = 4096});
    BOOST_TEST(have(1));
    const SystemClock clock;
    const Micros begin = clock.monotonic();
    server->stop(20 * kSecond);
    BOOST_TEST(clock.monotonic() - begin < 10 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_quarter_of_the_threads_may_stream_and_half_of_that_for_one_user) {
    options.max_connections = 16;
    serve();
    std::vector<std::unique_ptr<StreamClient>> clients;
    const auto join = [&](const std::string& who) {
        clients.push_back(std::make_unique<StreamClient>(port, who, "/stream"));
        BOOST_TEST(have(static_cast<int>(clients.size())));
    };
    join("a");
    join("a");
    Client refused(port);
    const Answer answer = refused.ask(get("/stream", "Authorization: Bearer a\r\n"));
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(answer.has("Retry-After: 10\r\n"));
    join("b");
    join("b");
    BOOST_TEST(status_for("c") == 503);
    BOOST_TEST(refused.ask(get("/view", "Authorization: Bearer a\r\n")).body == "user");
    clients.pop_back();
    BOOST_TEST(have(3));
    BOOST_TEST(wait_until([&] { return status_for("c") == 200; }));
}

BOOST_AUTO_TEST_CASE(those_who_stream_are_not_ended_when_threads_are_scarce) {
    options.max_connections = 4;
    serve();
    StreamClient client(port, "a", "/stream");
    BOOST_TEST(have(1));
    std::vector<std::unique_ptr<Client>> idle;
    for (int i = 0; i < 20; ++i) idle.push_back(std::make_unique<Client>(port));
    Client other(port);
    BOOST_TEST(other.ask(get("/view", "Authorization: Bearer b\r\n")).status == 200);
    script.say("still there");
    BOOST_TEST(client.read_until("still there"));
}

BOOST_AUTO_TEST_CASE(what_a_client_sends_meanwhile_means_nothing) {
    serve();
    StreamClient client(port, "a", "/stream", {.headers = "\r\nGET /view HTTP/1.1\r\nHost: x\r\n"});
    script.say("said", true);
    BOOST_TEST(client.read_until("said"));
    BOOST_TEST(have(0));
}

BOOST_AUTO_TEST_CASE(a_heartbeat_comes_while_nothing_is_said_and_credentials_that_are_none_any_more_end_it) {
    options.heartbeat = 20 * kMillisecond;
    serve();
    StreamClient client(port, "a", "/stream");
    BOOST_TEST(client.read_until(":\n:\n"));
    revoked = true;
    BOOST_TEST(client.read_to_break());
    BOOST_TEST(have(0));
}

BOOST_AUTO_TEST_SUITE_END()
