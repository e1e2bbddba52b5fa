// SIGSTOP: a machine that sleeps, a debugger, a job that is frozen. Nobody saw the time pass; the books still balance.
#include "base/json.hpp"
#include "faults/books.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>

#include <fstream>

namespace foliot::testing {
namespace {

struct Suspended {
    TempDir dir;
    SystemClock clock;
    std::filesystem::path ran = dir / "ran";
    ServerProcess server{{dir.path(), {"workers.max=3", "workers.grace=1", "shutdown.grace=10"}}};
    HttpClient client = server.client();

    void add(const std::string& body) {
        const auto reply = client.post("/scheduler/jobs", body);
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
    }
    void run_now(const std::string& id) {
        BOOST_REQUIRE_EQUAL(client.post("/scheduler/jobs/" + id + "/run").status, 200);
    }
    /// Of one field of the newest execution of a job, as JSON text; "" while there is none.
    std::string newest(const std::string& job, const std::string& field) {
        const std::string body = client.get("/api/v1/executions?job_id=" + job).body;
        const json::Value answer = json::parse(body);
        const auto& runs = answer.find("executions")->items;
        return runs.empty() ? "" : std::string(runs.front().find(field)->raw);
    }
    bool comes_to(const std::string& job, const std::string& state) {
        return wait_until([&] { return newest(job, "state") == '"' + state + '"'; });
    }
    std::size_t lines() const {
        std::ifstream in(ran);
        return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(in), {}, '\n'));
    }
    void stand_still(Micros length) {
        server.signal(SIGSTOP);
        const Micros end = clock.monotonic() + length;
        wait_until([&] { return clock.monotonic() >= end; });
        server.signal(SIGCONT);
    }
};

/// Each execution ran once, none is said to have taken too long or to have been lost, no fire is missing.
void check_all(const Suspended& world) {
    const auto ran = times_run(world.ran);
    check_none_ran_twice(ran);
    const auto store = store::open_sqlite({world.dir / "foliot.db"}, world.clock);
    std::size_t succeeded = 0;
    for (const auto& run : all_runs(*store)) {
        const bool calm = run.state == RunState::succeeded || run.state == RunState::skipped || is_live(run.state);
        BOOST_TEST(calm, run.job_id << " is " << wire_name(run.state) << ", " << run.reason);
        if (run.state != RunState::succeeded) continue;
        ++succeeded;
        BOOST_TEST(ran.contains(store->public_ids().hex(raw(run.id))));
    }
    BOOST_TEST(succeeded == ran.size());
    check_fires(*store);
}

BOOST_FIXTURE_TEST_SUITE(suspend, Suspended)

BOOST_AUTO_TEST_CASE(a_server_that_stood_still_under_load_loses_no_fire_and_no_end) {
    for (int i = 0; i < 9; ++i) {
        json::Writer body;
        body.begin_object()
            .field("id", "job" + std::to_string(i))
            .field("func", "bench:append")
            .field("trigger", "interval")
            .field("seconds", 0.05 * (1 + i % 3))
            .field("timeout", 2)
            .field("coalesce", i % 2 == 0);
        if (i % 3 == 1) body.field("overlap", "queue");
        body.key("kwargs").begin_object().field("path", ran.string()).field("hold_ms", i % 4 * 10).end_object();
        add(body.end_object().take());
    }
    for (int round = 0; round < 2; ++round) {
        const std::size_t before = lines();
        BOOST_REQUIRE(wait_until([&] { return lines() > before + 20; }));
        stand_still(4 * kSecond);
    }
    const std::size_t before = lines();
    BOOST_TEST(wait_until([&] { return lines() > before + 20; }), "runs go on");
    BOOST_TEST(server.stop().code == 0, server.log());
    check_all(*this);
}

BOOST_AUTO_TEST_CASE(a_run_that_ended_in_time_while_the_server_stood_still_succeeded) {
    add(R"({"id":"in_time","func":"sample:slow","kwargs":{"seconds":1},"timeout":3,"trigger":"interval","weeks":1})");
    run_now("in_time");
    BOOST_REQUIRE(comes_to("in_time", "running"));
    stand_still(5 * kSecond);
    BOOST_TEST(comes_to("in_time", "succeeded"), newest("in_time", "reason"));
    const store::RunView run = [&] {
        server.stop();
        return all_runs(*store::open_sqlite({dir / "foliot.db"}, clock)).at(0);
    }();
    BOOST_TEST(*run.ended - *run.started < 3 * kSecond, "it ended when the job did, not when that was heard of");
}

BOOST_AUTO_TEST_CASE(a_worker_that_is_frozen_for_longer_than_its_job_may_take_is_killed_and_another_serves) {
    add(R"({"id":"frozen","func":"sample:slow","kwargs":{"seconds":600},"timeout":2,"trigger":"interval","weeks":1})");
    run_now("frozen");
    BOOST_REQUIRE(comes_to("frozen", "running"));
    const pid_t worker = std::stoi(newest("frozen", "pid"));
    BOOST_REQUIRE(::kill(worker, SIGSTOP) == 0);
    BOOST_TEST(comes_to("frozen", "timeout"), newest("frozen", "state"));
    BOOST_TEST(wait_until([&] { return ::kill(worker, 0) != 0; }), "the worker is still there");
    const std::string body = R"({"id":"next","func":"tasks:ok","trigger":"interval","weeks":1})";
    add(body);
    run_now("next");
    BOOST_TEST(comes_to("next", "succeeded"));
    BOOST_TEST(newest("next", "pid") != std::to_string(worker));
}

BOOST_AUTO_TEST_CASE(a_worker_that_was_frozen_for_a_moment_goes_on) {
    add(R"({"id":"moment","func":"sample:slow","kwargs":{"seconds":1},"timeout":60,"trigger":"interval","weeks":1})");
    run_now("moment");
    BOOST_REQUIRE(comes_to("moment", "running"));
    const pid_t worker = std::stoi(newest("moment", "pid"));
    BOOST_REQUIRE(::kill(worker, SIGSTOP) == 0);
    const Micros end = clock.monotonic() + 3 * kSecond;
    wait_until([&] { return clock.monotonic() >= end; });
    BOOST_REQUIRE(::kill(worker, SIGCONT) == 0);
    BOOST_TEST(comes_to("moment", "succeeded"), newest("moment", "reason"));
    BOOST_TEST(newest("moment", "pid") == std::to_string(worker));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
