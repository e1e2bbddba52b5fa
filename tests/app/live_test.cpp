// Those who watch: events of what changes, and what a run writes while it runs.
#include "app/fixture.hpp"
#include "support/stream_client.hpp"

#include <signal.h>

#include <fstream>
#include <set>

namespace foliot::testing {
namespace {

struct LiveFixture : ServerFixture {
    std::filesystem::path go = dir / "go";  ///< the file that jobs of steps:run wait for

    std::unique_ptr<StreamClient> stream(const std::string& path, const StreamClient::Options& options = {}) const {
        return std::make_unique<StreamClient>(server->port(), server->token(), path, options);
    }
    void run_in_steps(const std::string& id, const std::string& more = {}) {
        run(id, "steps:run", R"(,"kwargs":{"path":")" + go.string() + R"("})" + more);
    }
    void go_on() const { std::ofstream(go).flush(); }
    std::string follow_path(const std::string& job) const {
        return "/api/v1/executions/" + executions(job).front().id + "/log?follow=1";
    }
    /// What comes after the last "id: ", which is whole when `body` ends with a blank line.
    static std::string last_id(const std::string& body) {
        const auto at = body.rfind("\nid: ") + 5;
        return body.substr(at, body.find('\n', at) - at);
    }
};

std::string state(const std::string& word) { return R"("state": ")" + word + "\""; }

constexpr std::size_t kRuns = 1'000;

/// Ids of executions; one may be told twice.
std::set<std::string> succeeded(const std::string& body) {
    const std::string before = R"(data: {"execution_id": ")", behind = "\", " + state("succeeded");
    std::set<std::string> ids;
    for (auto at = body.find(before); at != std::string::npos; at = body.find(before, at + 1)) {
        const std::string id = body.substr(at + before.size(), 32);
        if (body.compare(at + before.size() + id.size(), behind.size(), behind) == 0) ids.insert(id);
    }
    return ids;
}

BOOST_FIXTURE_TEST_SUITE(live, LiveFixture)

BOOST_AUTO_TEST_CASE(a_run_is_seen_from_its_beginning_to_its_end) {
    start();
    auto events = stream("/api/v1/events");
    BOOST_TEST(events->read_until("event: hello\n"));
    BOOST_TEST(events->body().starts_with("retry: 2000\nevent: hello\nid: "));
    run_in_steps("watched");
    BOOST_TEST(events->read_until(state("running")));
    go_on();
    BOOST_TEST(events->read_until(state("succeeded")));
    BOOST_TEST(events->body().find("event: job\n") < events->body().find("event: execution\n"));
    const auto id = ended("watched").id;
    const auto whole = server->client().get("/api/v1/executions/" + id).body;
    BOOST_TEST(events->body().find("data: " + whole + "\n\n") != std::string::npos, events->body());
    BOOST_TEST(server->client().send("DELETE", "/scheduler/jobs/watched").status == 204);
    BOOST_TEST(events->read_until(R"(data: {"job_id": "watched", "deleted": true})"));
}

BOOST_AUTO_TEST_CASE(a_stop_is_seen) {
    start();
    auto events = stream("/api/v1/events?kind=execution&job=spin");
    BOOST_TEST(events->read_until("event: hello\n"));
    run("spin", "run_spin:run");
    BOOST_TEST(events->read_until(state("running")));
    BOOST_TEST(server->client().send("DELETE", "/api/v1/executions/" + executions("spin").front().id).status == 200);
    BOOST_TEST(events->read_until(state("stopping")));
    BOOST_TEST(events->read_until(state("stopped")));
    BOOST_TEST(events->body().find("event: job\n") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_reconnects_misses_nothing_and_after_a_restart_reads_anew) {
    start();
    auto events = stream("/api/v1/events?kind=execution");
    run("first", "tasks:ok");
    BOOST_TEST(events->read_until(state("succeeded") + ","));
    BOOST_TEST(events->read_until([](const std::string& body) { return body.ends_with("\n\n"); }));
    const std::string id = last_id(events->body());
    events.reset();
    run("second", "tasks:ok");
    ended("second");
    const auto sees_second = [&](std::unique_ptr<StreamClient> again) {
        BOOST_TEST(again->read_until(state("succeeded")), again->body());
        BOOST_TEST(again->body().starts_with("retry: 2000\nevent: hello\nid: " + id + "\n"), again->body());
        BOOST_TEST(again->body().find(R"("job_id": "second")") != std::string::npos);
        BOOST_TEST(again->body().find(R"("job_id": "first")") == std::string::npos);
    };
    sees_second(stream("/api/v1/events", {.headers = "Last-Event-ID: " + id + "\r\n"}));
    sees_second(stream("/api/v1/events?last_event_id=" + id));
    server->stop();
    start();
    auto anew = stream("/api/v1/events", {.headers = "Last-Event-ID: " + id + "\r\n"});
    BOOST_TEST(anew->read_until("event: reset\n"));
    BOOST_TEST(anew->body().starts_with("retry: 2000\nevent: reset\nid: "), anew->body());
}

BOOST_AUTO_TEST_CASE(what_is_large_is_told_small) {
    start();
    auto events = stream("/api/v1/events");
    run("large", "tasks:any", R"(,"kwargs":{"text":")" + std::string(40'000, 'x') + R"("},"args":[])");
    BOOST_TEST(events->read_until(R"("job_id": "large", "state": "active", "truncated": true})"));
    BOOST_TEST(events->read_until(state("succeeded")));
}

BOOST_AUTO_TEST_CASE(a_thousand_runs_go_through_while_twenty_readers_sleep) {
    settings = {"workers.max=2", "http.max_connections=176"};
    start();
    std::vector<std::unique_ptr<StreamClient>> sleepers;
    for (int i = 0; i < 20; ++i) sleepers.push_back(stream("/api/v1/events", {.receive_buffer = 4096}));
    auto events = stream("/api/v1/events?kind=execution");
    BOOST_TEST(events->read_until("event: hello\n"));
    auto client = server->client();
    for (std::size_t i = 0; i < kRuns; ++i) {
        const auto added = client.post("/scheduler/jobs", R"({"id":"j)" + std::to_string(i) +
                                                              R"(","func":"tasks:noop","trigger":"date",)"
                                                              R"("misfire_grace_time":null,)"
                                                              R"("run_date":"2020-01-01T00:00:00+00:00"})");
        BOOST_REQUIRE_MESSAGE(added.status == 200, added.body);
    }
    BOOST_TEST(events->read_until(
        [](const std::string& body) {
            return count_of(body, state("succeeded")) >= kRuns && succeeded(body).size() == kRuns;
        },
        60 * kSecond));
    BOOST_TEST(events->body().find("event: reset") == std::string::npos);
    BOOST_TEST(client.get("/readyz").status == 200);
    BOOST_TEST(sleepers.front()->read_until("event: hello\n"));
    BOOST_TEST(server->stop().code == 0);
}

BOOST_AUTO_TEST_CASE(what_a_run_writes_is_followed_to_its_end) {
    start();
    run_in_steps("steps");
    BOOST_REQUIRE(wait_until([&] { return !executions("steps").empty(); }));
    auto log = stream(follow_path("steps"));
    BOOST_TEST(log->read_until([](const std::string& body) {
        return body.find("out one\n") != std::string::npos && body.find("err one\n") != std::string::npos &&
               body.find("INFO log one\n") != std::string::npos;
    }));
    BOOST_TEST(output(executions("steps").front()).find("out one\n") != std::string::npos);
    BOOST_TEST(log->body().find("two") == std::string::npos);
    go_on();
    BOOST_TEST(log->read_to_end());
    for (const char* line :
         {"out one\n", "out two\n", "err one\n", "err two\n", "INFO log one\n", "INFO log two\n", "no newline"}) {
        BOOST_TEST(count_of(log->body(), line) == 1U, line << " in " << log->body());
    }
    BOOST_TEST(log->body().size() == output(ended("steps")).size());
    auto again = stream(follow_path("steps"));
    BOOST_TEST(again->read_to_end());
    BOOST_TEST(again->body() == output(ended("steps")));
}

BOOST_AUTO_TEST_CASE(what_is_followed_comes_in_the_order_in_which_it_was_written_and_is_stored) {
    start();
    for (const std::string form : {"", "&format=json"}) {
        const std::string id = form.empty() ? "turns" : "turns_as_json";
        run(id, "run_writes_in_turn:run", R"(,"kwargs":{"turns":30})");
        auto log = stream(follow_path(id) + form);
        BOOST_TEST(log->read_to_end());
        ended(id);
        auto stored = stream(follow_path(id) + form);
        BOOST_TEST(stored->read_to_end());
        BOOST_TEST(log->body() == stored->body());
    }
    std::string written = output(executions("turns").front());  // but for times and levels of log lines
    for (auto at = written.find(" INFO "); at != std::string::npos; at = written.find(" INFO ", at)) {
        const auto line = written.rfind('\n', at) + 1;
        written.erase(line, at + 6 - line);
        at = line;
    }
    std::string expected;
    for (int i = 0; i < 30; ++i) {
        const std::string turn = std::to_string(i);
        expected += "err " + turn + "\nout " + turn + "\nlog " + turn + " {\"turn\":" + turn + "}\n";
    }
    BOOST_TEST(written == expected);
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_is_followed_from_its_beginning) {
    start();
    go_on();
    BOOST_REQUIRE(server->client().post("/api/v1/scheduler/drain").status == 204);
    run_in_steps("waits");
    auto log = stream(follow_path("waits"));
    BOOST_TEST(log->read_until([&](const std::string&) { return !log->head().empty(); }));
    BOOST_REQUIRE(server->client().post("/api/v1/scheduler/undrain").status == 204);
    BOOST_TEST(log->read_to_end());
    BOOST_TEST(log->body().find("out one\n") != std::string::npos);
    BOOST_TEST(log->body().size() == output(ended("waits")).size());
}

BOOST_AUTO_TEST_CASE(of_a_run_that_writes_more_than_is_kept_the_latest_is_followed_while_it_runs) {
    settings.emplace_back("workers.max_output=8192");
    start();
    run("much", "shell:run", R"(,"args":["/bin/sh","-c","seq 100000 120000; echo the latest; exec sleep 100"])");
    BOOST_REQUIRE(wait_until([&] { return !executions("much").empty(); }));
    auto log = stream(follow_path("much"));
    BOOST_TEST(log->read_until("the latest\n"));
    BOOST_TEST(count_of(log->body(), "100000\n") == 1U);
    BOOST_TEST(log->body().find(" bytes left out ...]\n") != std::string::npos);
    const std::string now = output(executions("much").front());
    BOOST_TEST(now.ends_with("the latest\n"), now);
    BOOST_TEST(server->client().send("DELETE", "/api/v1/executions/" + executions("much").front().id).status == 200);
    BOOST_TEST(log->read_to_end());
    BOOST_TEST(count_of(log->body(), "the latest\n") == 1U);
}

BOOST_AUTO_TEST_CASE(following_ends_with_a_run_that_is_killed_or_never_begins) {
    start();
    run_in_steps("killed");
    auto log = stream(follow_path("killed"));
    BOOST_TEST(log->read_until("log one\n"));
    const auto pid = [&] {
        const auto page = json::parse(server->client().get("/api/v1/executions?job_id=killed").body);
        return page.find("executions")->items.at(0).find("pid")->integer;
    };
    BOOST_REQUIRE(wait_until([&] { return executions("killed").front().state == "running"; }));
    BOOST_TEST(::kill(static_cast<pid_t>(pid()), SIGKILL) == 0);
    BOOST_TEST(log->read_to_end());
    BOOST_TEST(count_of(log->body(), "log one\n") == 1U);

    BOOST_REQUIRE(server->client().post("/api/v1/scheduler/drain").status == 204);
    run_in_steps("never");
    auto nothing = stream(follow_path("never"));
    BOOST_TEST(nothing->read_until([&](const std::string&) { return !nothing->head().empty(); }));
    BOOST_TEST(server->client().send("DELETE", "/api/v1/executions/" + executions("never").front().id).status == 200);
    BOOST_TEST(nothing->read_to_end());
    BOOST_TEST(nothing->body() == "");
}

BOOST_AUTO_TEST_CASE(the_server_stops_at_once_although_some_watch) {
    settings.emplace_back("shutdown.grace=1");
    start();
    run("spin", "run_spin:run");
    auto events = stream("/api/v1/events");
    auto log = stream(follow_path("spin"));
    BOOST_TEST(events->read_until("event: hello\n"));
    server->signal(SIGTERM);
    BOOST_TEST(events->read_to_break());
    BOOST_TEST(log->read_to_break());
    BOOST_TEST(server->stop().code == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
