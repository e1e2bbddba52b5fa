// The server as a node: what its probe says, draining, hosts that may not run jobs, and how it ends.
#include "app/fixture.hpp"
#include "store/sqlite/db.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <map>

namespace foliot::testing {
namespace {

std::string own_name() {
    std::array<char, 256> name{};
    BOOST_REQUIRE_EQUAL(::gethostname(name.data(), name.size() - 1), 0);
    return name.data();
}

struct NodeFixture : ServerFixture {
    Reply ready() const { return HttpClient(server->port(), "").get("/readyz"); }
    void order(const std::string& path, int status = 204) const {
        const auto reply = server->client().post(path);
        BOOST_TEST(reply.status == status, path << ": " << reply.body);
    }
    void add_beat() const {
        const auto added = server->client().post(
            "/scheduler/jobs",
            R"({"id":"beat","func":"tasks:noop","trigger":"interval","seconds":0.05,"misfire_grace_time":null})");
        BOOST_REQUIRE_MESSAGE(added.status == 200, added.body);
    }
    std::int64_t assigned() const {
        store::sqlite::Connection db(dir / "foliot.db", store::sqlite::Connection::Mode::reader);
        return db.query_text("SELECT count(*) FROM execution WHERE state=3").number();
    }
    std::map<std::string, int> lines(const std::string& file) const {
        std::map<std::string, int> count;
        std::ifstream in(dir / file);
        for (std::string line; std::getline(in, line);) ++count[line];
        return count;
    }
};

BOOST_FIXTURE_TEST_SUITE(node, NodeFixture)

BOOST_AUTO_TEST_CASE(a_paused_scheduler_stays_paused_over_a_restart_and_the_probe_says_so) {
    start();
    BOOST_TEST(ready().body == R"({"status":"ok","engine":"running"})");
    order("/scheduler/pause");
    server->kill_hard();
    start();
    BOOST_TEST(ready().status == 200);
    BOOST_TEST(ready().body == R"({"status":"ok","engine":"paused","reasons":[{"id":"paused","text":)"
                               R"("the scheduler is paused, as it was told to be: nothing fires"}]})");
    BOOST_TEST(server->log().find("the scheduler is paused") != std::string::npos);
    order("/scheduler/resume");
    order("/scheduler/shutdown");
    BOOST_TEST(server->stop().code == 0);
    start();
    BOOST_TEST(ready().body.starts_with(R"({"status":"ok","engine":"stopped","reasons":[{"id":"stopped")"),
               ready().body);
    order("/scheduler/start");
    BOOST_TEST(ready().body == R"({"status":"ok","engine":"running"})");
}

BOOST_AUTO_TEST_CASE(a_server_that_drains_starts_nothing_and_ends_what_runs_until_it_is_told_otherwise) {
    start();
    run("long", "tasks:slow", R"(,"args":[1.5])");
    add_beat();
    BOOST_REQUIRE(wait_until([&] { return executions("long").front().state == "running"; }));
    order("/api/v1/scheduler/drain");
    order("/api/v1/scheduler/drain");
    BOOST_TEST(ready().status == 503);
    BOOST_TEST(ready().body.starts_with(R"({"status":"draining","reason":")"), ready().body);
    BOOST_TEST(ended("long").state == "succeeded");
    const auto before = executions("beat").size();
    run("by-hand", "tasks:noop");  // is taken, and waits
    BOOST_TEST(!wait_until([&] { return executions("beat").size() != before; }, kSecond / 2));
    BOOST_TEST(executions("by-hand").front().state == "scheduled");
    order("/api/v1/scheduler/undrain");
    BOOST_TEST(ready().status == 200);
    BOOST_TEST(ended("by-hand").state == "succeeded");
    BOOST_TEST(wait_until([&] { return executions("beat").size() > before; }));
    order("/api/v1/scheduler/drain");
    server->stop();
    start();
    BOOST_TEST(ready().status == 200);
}

BOOST_AUTO_TEST_CASE(only_a_suspect_clock_can_be_accepted_and_only_by_an_admin) {
    start();
    order("/api/v1/scheduler/clock/accept", 409);
    BOOST_TEST(HttpClient(server->port(), "").post("/api/v1/scheduler/clock/accept").status == 401);
    BOOST_TEST(HttpClient(server->port(), "").post("/api/v1/scheduler/drain").status == 401);
}

BOOST_AUTO_TEST_CASE(on_a_host_that_is_not_allowed_nothing_is_started) {
    start();
    add_beat();
    BOOST_TEST(wait_until([&] { return !executions("beat").empty(); }));
    server->stop();
    settings.emplace_back("scheduler.allowed_hosts=elsewhere,nowhere");
    start();
    const auto before = executions("beat").size();
    run("by-hand", "tasks:noop");
    BOOST_TEST(!wait_until([&] { return executions("beat").size() != before; }, kSecond / 2));
    BOOST_TEST(executions("by-hand").front().state == "scheduled");
    BOOST_TEST(ready().status == 200);
    BOOST_TEST(ready().body.starts_with(R"({"status":"ok","engine":"stopped","reason":"scheduler.allowed_hosts)"),
               ready().body);
    server->stop();

    std::string name = own_name();
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
    settings.back() = "scheduler.allowed_hosts=elsewhere," + name;
    start();
    BOOST_TEST(ended("by-hand").state == "succeeded");
    BOOST_TEST(server->client().get("/scheduler").body.find(R"("running": true)") != std::string::npos,
               server->client().get("/scheduler").body);
}

BOOST_AUTO_TEST_CASE(sigterm_queues_again_what_has_not_begun_interrupts_the_rest_and_keeps_its_time) {
    settings = {"workers.max=2", "workers.grace=1", "shutdown.grace=1"};
    start();
    const std::string path = R"(,"kwargs":{"path":")" + (dir / "ran").string() + R"(","hold_ms":)";
    run("deaf", "run_ignores_sigterm:run", R"(,"max_retries":1,"retry_delay":1)");
    run("polite", "bench:append", path + "60000}");
    BOOST_REQUIRE(wait_until([&] {
        return executions("deaf").front().state == "running" && executions("polite").front().state == "running";
    }));
    for (int i = 0; i < 5; ++i) run("queued-" + std::to_string(i), "bench:append", path + "0}");
    const SystemClock clock;
    const Micros told = clock.monotonic();
    BOOST_TEST(server->stop().code == 0);
    const Micros took = clock.monotonic() - told;
    BOOST_TEST(took >= kSecond);
    BOOST_TEST(took < (1 + 2 * 1 + 5) * kSecond + 10 * kSecond);  // as documented, and a busy machine
    BOOST_TEST(lines("ran").size() == 1U);

    start();
    BOOST_TEST(server->log().find("recovered from an unclean end") == std::string::npos, server->log());
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(ended("queued-" + std::to_string(i)).state == "succeeded");
        BOOST_TEST(executions("queued-" + std::to_string(i)).size() == 1U);
    }
    BOOST_TEST(wait_until([&] { return lines("ran").size() == 7U; }), lines("ran").size());
    for (const auto& [id, times] : lines("ran")) BOOST_TEST(times == 1, id);
    // Newest first: the same attempt again, and a counted second one.
    for (const auto& [job, state] : {std::pair("polite", "stopped"), std::pair("deaf", "failed")}) {
        BOOST_TEST(wait_until([&] { return executions(job).front().state == "running"; }));
        const auto runs = executions(job);
        BOOST_REQUIRE_EQUAL(runs.size(), 2U);
        const auto& first = runs[0].state == "running" ? runs[1] : runs[0];
        const auto& second = runs[0].state == "running" ? runs[0] : runs[1];
        BOOST_TEST(first.state == state);
        BOOST_TEST(first.reason == "interrupted");
        const auto body = server->client().get("/api/v1/executions/" + second.id).body;
        BOOST_TEST(json::parse(body).find("attempt")->integer == (std::string_view(job) == "deaf" ? 2 : 1));
    }
}

BOOST_AUTO_TEST_CASE(a_run_that_was_given_a_worker_and_has_not_begun_is_queued_again_by_sigterm) {
    std::filesystem::create_directory(dir / "modules");
    std::filesystem::copy_file(FOLIOT_FIXTURES_DIR "/bench.so", dir / "modules" / "bench.so");
    settings.push_back("modules.path=" + (dir / "modules").string());
    settings.push_back("modules.trusted_paths=" + (dir / "modules").string());
    start();  // describes the module, once and for all
    server->stop();
    const auto sleeper = dir / "sleeper";
    std::ofstream(sleeper) << "#!/bin/sh\nexec sleep 600\n";
    std::filesystem::permissions(sleeper, std::filesystem::perms::owner_all);
    settings.push_back("workers.program=" + sleeper.string());
    start();
    run("job", "bench:append", R"(,"kwargs":{"path":")" + (dir / "ran").string() + R"("})");
    BOOST_REQUIRE(wait_until([&] { return assigned() == 1; }));
    const auto status = server->stop();
    BOOST_TEST(status.code == 0);
    BOOST_TEST(status.signal == 0, server->log());
    BOOST_TEST(assigned() == 0);
    settings.pop_back();
    start();
    BOOST_TEST(ended("job").state == "succeeded");
    BOOST_TEST(executions("job").size() == 1U);
    BOOST_TEST(lines("ran").size() == 1U);
    BOOST_TEST(server->log().find("recovered from an unclean end") == std::string::npos, server->log());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
