// What the tests of the whole server share: add a job, wait for its runs.
#pragma once

#include "base/json.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <string>
#include <vector>

namespace foliot::testing {

/// The fields of an execution that these tests look at.
struct Execution {
    std::string id, state, reason, result, error;
};

inline std::string text_of(const json::Value& object, std::string_view key) {
    const auto* found = object.find(key);
    return found == nullptr || found->kind != json::Kind::string ? std::string() : found->string;
}

struct ServerFixture {
    TempDir dir;
    std::vector<std::string> settings{"workers.max=2", "workers.grace=1"};
    std::unique_ptr<ServerProcess> server;

    ServerProcess& start() {
        server = std::make_unique<ServerProcess>(ServerProcess::Options{dir.path(), settings});
        return *server;
    }

    /// Adds a job that fires only by hand, and runs it.
    void run(const std::string& id, const std::string& func, const std::string& more = {}) {
        auto client = server->client();
        const auto added = client.post("/scheduler/jobs", R"({"id":")" + id + R"(","func":")" + func +
                                                              R"(","trigger":"interval","weeks":50)" + more + "}");
        BOOST_REQUIRE_MESSAGE(added.status == 200, added.body);
        const auto answer = client.post("/scheduler/jobs/" + id + "/run");
        BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
    }

    std::vector<Execution> executions(const std::string& job) const {
        const auto reply = server->client().get("/api/v1/executions?job_id=" + job);
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
        const auto page = json::parse(reply.body);
        std::vector<Execution> list;
        for (const auto& item : page.find("executions")->items) {
            list.push_back({text_of(item, "execution_id"), text_of(item, "state"), text_of(item, "reason"),
                            text_of(item, "result"), text_of(item, "error")});
        }
        return list;
    }

    /// The job's newest execution once it has ended.
    Execution ended(const std::string& job, Micros limit = 60 * kSecond) const {
        Execution last;
        const bool done = wait_until(
            [&] {
                const auto list = executions(job);
                if (list.empty()) return false;
                last = list.front();
                return last.state != "scheduled" && last.state != "running" && last.state != "stopping";
            },
            limit);
        BOOST_TEST(done, "execution of " << job << " is still " << last.state);
        return last;
    }

    std::string output(const Execution& execution) const {
        return server->client().get("/api/v1/executions/" + execution.id + "/log").body;
    }
};

}  // namespace foliot::testing
