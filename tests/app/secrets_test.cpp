// A stored secret reaches the run and nobody else: no answer, event, log line, audit row or file of the server has it.
#include "app/fixture.hpp"
#include "support/stream_client.hpp"

#include <fstream>
#include <sstream>

namespace foliot::testing {
namespace {

const std::string kSecret = "xyzzy-0123456789", kRunsOwn = "plugh-9876543210";

struct SecretsFixture : ServerFixture {
    std::filesystem::path go = dir / "go";

    std::string kwargs(const std::string& token, bool fail = false) const {
        return R"({"token":")" + token + R"(","headers":{"X-Key":")" + token + R"("},"wait_for":")" + go.string() +
               R"(","fail":)" + (fail ? "true" : "false") + "}";
    }
    std::string send(const std::string& method, const std::string& path, const std::string& body = {}) {
        const auto reply = server->client().send(method, path, body);
        BOOST_TEST(reply.status < 300, method + " " + path << ": " << reply.body);
        said += reply.body + "\n";
        return reply.body;
    }
    void get_everything() {
        for (const std::string path :
             {"/scheduler/jobs", "/scheduler/jobs/a", "/api/v1/jobs", "/api/v1/jobs/a", "/api/v1/jobs/a/next",
              "/api/v1/executions", "/api/v1/logs", "/api/v1/modules", "/openapi.json"}) {
            send("GET", path);
        }
        for (const auto& execution : executions("a")) {
            send("GET", "/api/v1/executions/" + execution.id);
            send("GET", "/api/v1/executions/" + execution.id + "/log");
        }
    }
    void check_nowhere(const std::string& secret) const {
        BOOST_TEST(said.find(secret) == std::string::npos, said);
        for (const auto& entry : std::filesystem::recursive_directory_iterator(dir.path())) {
            if (!entry.is_regular_file()) continue;
            std::ifstream in(entry.path(), std::ios::binary);
            std::ostringstream bytes;
            bytes << in.rdbuf();
            BOOST_TEST(bytes.str().find(secret) == std::string::npos, entry.path());
        }
    }

    std::string said;  ///< by the server, to whoever asked
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(secrets, SecretsFixture)

BOOST_AUTO_TEST_CASE(a_secret_is_seen_by_the_run_alone) {
    start();
    StreamClient events(server->port(), server->token(), "/api/v1/events");
    BOOST_TEST(events.read_until("event: hello\n"));
    run("a", "run_tells_secrets:run", R"(,"kwargs":)" + kwargs(kSecret));
    BOOST_TEST(events.read_until("note ****************"));
    StreamClient log(server->port(), server->token(),
                     "/api/v1/executions/" + executions("a").front().id + "/log?follow=1");
    BOOST_TEST(log.read_until("log ****************"));
    std::ofstream(go).flush();
    BOOST_TEST(log.read_to_end());
    const Execution first = ended("a");
    BOOST_TEST(first.state == "succeeded", first.error);
    BOOST_TEST(first.result.find(R"("token": "****************")") != std::string::npos, first.result);

    send("POST", "/api/v1/executions/a", R"({"kwargs":)" + kwargs(kRunsOwn, true) + "}");
    const Execution second = ended("a");
    BOOST_TEST(second.state == "failed");
    BOOST_TEST(second.error.find("cannot use ****************") != std::string::npos, second.error);
    send("POST", "/api/v1/executions/" + second.id + "/retry");
    BOOST_TEST(ended("a").state == "failed");

    const std::string shown = send("GET", "/scheduler/jobs/a");
    BOOST_TEST(shown.find(R"("token": "***")") != std::string::npos, shown);
    send("PATCH", "/scheduler/jobs/a", R"({"name":"b","kwargs":)" + kwargs("***") + "}");
    BOOST_TEST(executions("a").size() == 3);
    get_everything();
    send("DELETE", "/scheduler/jobs/a");
    BOOST_TEST(events.read_until(R"(data: {"job_id": "a", "deleted": true})"));
    said += events.body() + log.body();
    for (const std::string& secret : {kSecret, kRunsOwn}) check_nowhere(secret);
    server->stop();
    for (const std::string& secret : {kSecret, kRunsOwn}) check_nowhere(secret);
}

BOOST_AUTO_TEST_CASE(a_lost_key_breaks_the_runs_that_need_it_and_says_so) {
    start();
    std::ofstream(go).flush();
    run("a", "run_tells_secrets:run", R"(,"kwargs":)" + kwargs(kSecret));
    BOOST_TEST(ended("a").state == "succeeded");
    server->stop();
    start();
    send("POST", "/scheduler/jobs/a/run");
    BOOST_TEST(wait_until([&] { return executions("a").size() == 2; }));
    BOOST_TEST(ended("a").state == "succeeded");  // the key is the same
    server->stop();
    std::filesystem::remove(dir / "secrets.key");
    start();
    send("POST", "/scheduler/jobs/a/run");
    BOOST_TEST(wait_until([&] { return executions("a").size() == 3; }));
    const Execution last = ended("a");
    BOOST_TEST(last.state == "scheduled error");
    BOOST_TEST(last.reason == "secret");
    BOOST_TEST(last.error.find("restore the file, or give the secret anew") != std::string::npos, last.error);
    send("PATCH", "/scheduler/jobs/a", R"({"kwargs":)" + kwargs("another one") + "}");
    send("POST", "/scheduler/jobs/a/run");
    BOOST_TEST(wait_until([&] { return executions("a").size() == 4; }));
    BOOST_TEST(ended("a").state == "succeeded");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace foliot::testing
