// Runs and servers that are told to end.
#include "app/fixture.hpp"

#include <signal.h>

#include <fstream>

namespace foliot::testing {
namespace {

std::size_t size_of(const std::filesystem::path& file) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(file, missing);
    return missing ? 0 : size;
}

struct Identity {
    pid_t pid = 0;
    std::optional<std::uint64_t> start_time;
    bool lives() const { return start_time && process::start_time_of(pid) == start_time; }
};

Identity identity(pid_t pid) { return {pid, process::start_time_of(pid)}; }

BOOST_FIXTURE_TEST_SUITE(ending, ServerFixture)

BOOST_AUTO_TEST_CASE(a_run_that_fails_by_itself_once_it_is_stopped_counts_as_stopped_and_is_not_tried_again) {
    start();
    run("job", "run_fails_when_cancelled:run", R"(,"max_retries":3)");
    BOOST_REQUIRE(wait_until([&] { return executions("job").front().state == "running"; }));
    const auto id = executions("job").front().id;
    BOOST_TEST(server->client().send("DELETE", "/api/v1/executions/" + id).status == 200);
    const auto stopped = ended("job");
    BOOST_TEST(stopped.state == "stopped");
    BOOST_TEST(stopped.reason == "stopped");
    BOOST_TEST(stopped.error.find("could not tidy up") != std::string::npos, stopped.error);
    BOOST_TEST(executions("job").size() == 1U);  // an attempt would have been made in the same commit
}

BOOST_AUTO_TEST_CASE(a_server_that_is_ended_while_many_runs_end_does_so_in_good_order_ten_times) {
    settings = {"workers.max=2", "workers.grace=2", "shutdown.grace=5"};
    const auto ran = dir / "ran";
    start();
    // More modules than workers: some runs end, some run, some wait for a worker whenever the signal comes.
    const std::string append = R"("bench:append","kwargs":{"path":")" + ran.string() + R"(","hold_ms":)";
    for (int i = 0; i < 12; ++i) {
        const std::vector<std::string> funcs{append + "0}", append + "60}",
                                             R"("golden_jobs.jobs:SlowJob","args":[0.05])",
                                             R"("tasks:slow","args":[0.03])"};
        const std::string added = R"({"id":"job)" + std::to_string(i) + R"(","func":)" +
                                  funcs.at(static_cast<std::size_t>(i) % funcs.size()) +
                                  R"(,"trigger":"interval","seconds":0.02,"max_instances":3})";
        const auto reply = server->client().post("/scheduler/jobs", added);
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
    }
    for (int round = 0; round < 10; ++round) {
        const std::size_t before = size_of(ran);
        BOOST_REQUIRE(wait_until([&] { return size_of(ran) > before + 300; }));
        const auto status = server->stop();
        BOOST_TEST(status.code == 0);
        BOOST_TEST(status.signal == 0);
        start();
    }
    BOOST_TEST(server->stop().code == 0);
    BOOST_TEST(server->log().find("recovered from an unclean end") == std::string::npos, server->log());
    BOOST_TEST(server->log().find(" ERROR ") == std::string::npos, server->log());
}

/// What gave up in good order, or never began, is run again for free; what had to be killed has failed, and only its
/// own retries run it again.
BOOST_AUTO_TEST_CASE(a_server_that_stops_interrupts_what_does_not_end_in_time_and_the_next_one_goes_on) {
    settings = {"workers.max=3", "workers.kept=0", "workers.grace=1", "shutdown.grace=1"};
    start();
    run("polite", "tasks:slow", R"(,"kwargs":{"seconds":3},"max_retries":0)");
    run("deaf", "run_ignores_sigterm:run", R"(,"max_retries":0)");
    run("deaf_but_retried", "run_ignores_sigterm:run", R"(,"max_retries":1,"retry_delay":3600)");
    for (const char* job : {"polite", "deaf", "deaf_but_retried"})
        BOOST_REQUIRE(wait_until([&] { return executions(job).front().state == "running"; }));
    run("never_begun", "tasks:ok", R"(,"max_retries":0)");
    BOOST_TEST(server->stop().code == 0);
    settings = {"workers.max=3", "workers.grace=1", "shutdown.grace=0"};
    start();
    BOOST_TEST(ended("never_begun").state == "succeeded");
    BOOST_TEST(executions("never_begun").size() == 1U);
    BOOST_TEST(ended("polite").state == "succeeded");
    const auto polite = executions("polite");
    BOOST_REQUIRE_EQUAL(polite.size(), 2U);
    BOOST_TEST(polite.back().state == "stopped");
    BOOST_TEST(polite.back().reason == "interrupted");
    BOOST_REQUIRE_EQUAL(executions("deaf").size(), 1U);
    BOOST_TEST(executions("deaf").front().state == "failed");
    BOOST_TEST(executions("deaf").front().reason == "interrupted");
    const auto retried = executions("deaf_but_retried");
    BOOST_REQUIRE_EQUAL(retried.size(), 2U);
    BOOST_TEST(retried.front().state == "scheduled");
    BOOST_TEST(retried.back().reason == "interrupted");
}

BOOST_AUTO_TEST_CASE(a_new_server_ends_what_the_workers_of_a_killed_one_left_running) {
    settings.emplace_back("workers.grace=60");  // a worker that loses its server gives its job that long by itself
    const auto file = dir / "pids";
    start();
    run("family", "run_keeps_family:run", R"(,"kwargs":{"path":")" + file.string() + R"("})");
    BOOST_REQUIRE(
        wait_until([&] { return std::filesystem::exists(file) && executions("family").front().state == "running"; }));
    const auto id = executions("family").front().id;
    const auto body = server->client().get("/api/v1/executions/" + id).body;
    std::vector<Identity> family{identity(static_cast<pid_t>(json::parse(body).find("pid")->integer))};
    std::ifstream pids(file);
    for (pid_t pid = 0; pids >> pid;) family.push_back(identity(pid));
    BOOST_REQUIRE_EQUAL(family.size(), 3U);
    server->kill_hard();
    for (const auto& one : family) BOOST_TEST(one.lives());

    start();
    for (const auto& one : family) BOOST_TEST(!one.lives(), "process " << one.pid << " survived");
    BOOST_TEST(ended("family").state == "failed");
    BOOST_TEST(ended("family").reason == "lost");
    for (const auto& one : family) {
        if (one.lives()) ::kill(one.pid, SIGKILL);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
