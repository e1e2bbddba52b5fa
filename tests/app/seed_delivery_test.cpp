// Schedules of Seed Scheduler's clients on a real server, delivered by the real module to a real address, and what
// becomes of their secret.
#include "app/fixture.hpp"
#include "http_module/web_server.hpp"
#include "support/stream_client.hpp"

#include <fstream>
#include <sstream>

namespace foliot::testing {
namespace {

const std::string kToken = "xyzzy-0123456789-plugh";

struct SeedFixture : ServerFixture {
    std::string operators;  ///< an Operator's token

    void start_with_operator() {
        start();
        const auto made = server->client().post("/api/v1/user/token/", R"({"email":"op@example.org"})");
        BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
        operators = text_of(json::parse(made.body), "token");
    }
    /// Of the admin; it fires in an hour.
    std::string schedule(const std::string& endpoint) {
        const auto added = server->client().post(
            "/api/v1/schedule/", R"({"endpoint":")" + endpoint + R"(","interval_definition":"1 hours","auth_token":")" +
                                     kToken + R"(","payload":{"run":1,"zz":"\u00e9","a":[1,null]}})");
        BOOST_REQUIRE_MESSAGE(added.status == 201, added.body);
        return text_of(json::parse(added.body), "id");
    }
    void fire(const std::string& id) const {
        const auto fired = server->client().post("/api/v1/executions/" + id);
        BOOST_REQUIRE_MESSAGE(fired.status == 200, fired.body);
    }
    Reply retry_failed(const std::string& id) const {
        std::string failed;
        BOOST_TEST(wait_until([&] {
            for (const auto& one : executions(id)) {
                if (one.state == "failed") failed = one.id;
            }
            return !failed.empty();
        }));
        return server->client().post("/api/v1/executions/" + failed + "/retry");  // before its time
    }
    void check_files_without_token() const {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(dir.path())) {
            if (!entry.is_regular_file()) continue;
            std::ifstream in(entry.path(), std::ios::binary);
            std::ostringstream bytes;
            bytes << in.rdbuf();
            BOOST_TEST(bytes.str().find(kToken) == std::string::npos, entry.path());
        }
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(seed_delivery, SeedFixture)

BOOST_AUTO_TEST_CASE(a_schedule_is_delivered_as_the_original_did_and_again_after_an_error) {
    const WebServer web({answer(500), answer(201)});
    start();
    const std::string id = schedule(web.url("/200/one"));
    fire(id);
    BOOST_TEST(retry_failed(id).status < 300);
    BOOST_TEST(wait_until([&] { return web.requests().size() == 2; }));
    for (std::size_t i = 0; i < 2; ++i) {
        const WebRequest request = web.request(i);
        BOOST_TEST(request.method == "POST");
        BOOST_TEST(request.target == "/200/one");
        BOOST_TEST(request.headers.at("content-type") == "application/json");
        BOOST_TEST(request.headers.at("authorization") == "Token " + kToken);
        BOOST_TEST(request.body == R"({"run": 1, "zz": "\u00e9", "a": [1, null]})");
    }
    BOOST_TEST(ended(id).state == "succeeded");
}

BOOST_AUTO_TEST_CASE(the_token_is_told_to_its_owner_and_the_endpoint_alone) {
    const WebServer web([](WebConnection& connection, WebServer& target) {
        const WebRequest request = target.receive(connection);  // and tells everybody what it got
        connection.send(answer(500, "", "you sent " + request.headers.at("authorization")));
    });
    start_with_operator();
    StreamClient events(server->port(), operators, "/api/v1/events");
    BOOST_TEST(events.read_until("event: hello\n"));
    const std::string id = schedule(web.url());
    fire(id);
    BOOST_TEST(retry_failed(id).status < 300);
    BOOST_TEST(events.read_until(R"("attempt": 2)"));

    const std::string path = "/api/v1/schedule/" + id + "/";
    BOOST_TEST(text_of(json::parse(server->client().get(path).body), "auth_token") == kToken);
    HttpClient op(server->port(), operators);
    std::string said;
    for (const std::string& one :
         {path, std::string("/api/v1/schedule/"), std::string("/scheduler/jobs"), "/api/v1/jobs/" + id,
          std::string("/api/v1/executions"), std::string("/api/v1/logs"), std::string("/api/v1/failed-tasks/")}) {
        const Reply reply = op.get(one);
        BOOST_TEST(reply.status == 200, one << ": " << reply.body);
        said += reply.body;
    }
    for (const auto& execution : executions(id)) said += output(execution);
    BOOST_TEST(said.find("you sent Token") != std::string::npos, "what was sent back is kept");
    BOOST_TEST((said + events.body()).find(kToken) == std::string::npos);
    const Reply stolen = op.send("PATCH", path, R"({"endpoint":"http://127.0.0.1:9/"})");
    BOOST_TEST(stolen.status == 403, stolen.body);
    check_files_without_token();
    server->stop();
    check_files_without_token();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace foliot::testing
