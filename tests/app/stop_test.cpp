// Each way to stop a run, through a whole server: all that its job has started is gone within the grace and a second.
#include "app/fixture.hpp"
#include "support/attempts.hpp"
#include "support/scattered.hpp"
#include "support/slowdown.hpp"

#include <signal.h>

#include <functional>
#include <optional>

namespace foliot::testing {
namespace {

constexpr Micros kLimit = kSecond + kSlowdown * kSecond;  // workers.grace and one more

struct StopFixture : ServerFixture {
    StopFixture() { settings = {"workers.max=2", "workers.grace=1", "shutdown.grace=0"}; }

    const SystemClock clock;
    std::string job;  ///< of the last family
    std::optional<Scattered> family;

    void scatter(const std::string& more) {
        job = family ? job + "_again" : "family";
        family.emplace(dir / job);
        run(job, "run_scatters:run", R"(,"kwargs":)" + family->kwargs() + more);
        BOOST_REQUIRE(wait_until([&] { return family->all_there(); }));
    }
    /// All that a job has started is gone soon after `stop`.
    void expect_gone(const std::function<void()>& stop, const std::string& more = {}, Micros limit = kLimit) {
        BOOST_TEST(is_within(limit, [&] {
            server.reset();
            start();
            scatter(more);
            const Micros asked = clock.monotonic();
            stop();
            BOOST_TEST(wait_until([&] { return family->all_gone(); }));
            return clock.monotonic() - asked;
        }));
    }
};

BOOST_FIXTURE_TEST_SUITE(stop, StopFixture)

BOOST_AUTO_TEST_CASE(a_stop_by_rest_ends_all_that_the_job_has_started) {
    expect_gone([&] {
        const auto id = executions(job).front().id;
        BOOST_TEST(server->client().send("DELETE", "/api/v1/executions/" + id).status == 200);
    });
    BOOST_TEST(ended(job).reason == "stopped");
}

BOOST_AUTO_TEST_CASE(a_timeout_ends_all_that_the_job_has_started) {
    expect_gone([] {}, R"(,"timeout":3)", 3 * kSecond + kLimit);
    BOOST_TEST(ended(job).reason == "timeout");
}

BOOST_AUTO_TEST_CASE(a_shutdown_ends_all_that_the_job_has_started) {
    expect_gone([&] { server->signal(SIGTERM); });
    BOOST_TEST(server->stop().code == 0);
}

BOOST_AUTO_TEST_CASE(a_run_that_replaces_another_ends_all_that_the_job_has_started) {
    const auto fire = [&] {  // runs by hand stop no others. It must not hold the FIFO open
        const auto fired = server->client().send("PATCH", "/scheduler/jobs/" + job,
                                                 R"({"func":"sample:hello","kwargs":{},"trigger":"date"})");
        BOOST_TEST(fired.status == 200, fired.body);
    };
    expect_gone(fire, R"(,"overlap":"replace")");
    BOOST_TEST(wait_until([&] { return executions(job).back().reason == "replaced"; }));
}

BOOST_AUTO_TEST_CASE(a_new_server_ends_what_a_killed_one_left_running_in_groups_and_sessions_of_its_own) {
    settings = {"workers.max=2", "workers.grace=60"};  // a worker that loses its server waits that long for its job
    expect_gone([&] {
        server->kill_hard();
        BOOST_TEST(!family->all_gone());
        start();
    });
    BOOST_TEST(ended(job).reason == "lost");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
