// Each way to stop a run, through a whole server: all that its job has started is gone within the grace and a second.
#include "app/fixture.hpp"
#include "support/pauses.hpp"
#include "support/scattered.hpp"
#include "support/slowdown.hpp"

#include <signal.h>

#include <functional>

namespace foliot::testing {
namespace {

constexpr Micros kLimit = kSecond + kSlowdown * kSecond;  // workers.grace and one more

struct StopFixture : ServerFixture {
    StopFixture() { settings = {"workers.max=2", "workers.grace=1", "shutdown.grace=0"}; }

    Scattered family{dir / "fifo"};

    void scatter(const std::string& more = {}) {
        run("family", "run_scatters:run", R"(,"kwargs":)" + family.kwargs() + more);
        BOOST_REQUIRE(wait_until([&] { return family.all_there(); }));
    }
    void expect_gone(const std::function<void()>& stop) const {
        const SystemClock clock;
        const Pauses pauses;
        const Micros asked = clock.monotonic();
        stop();
        BOOST_TEST(wait_until([&] { return family.all_gone(); }));
        const Micros took = clock.monotonic() - asked - pauses.total();
        BOOST_TEST(took <= kLimit, "took " << took / kMillisecond << " ms");
    }
    std::string newest() const { return executions("family").front().id; }
};

BOOST_FIXTURE_TEST_SUITE(stop, StopFixture)

BOOST_AUTO_TEST_CASE(a_stop_by_rest_ends_all_that_the_job_has_started) {
    start();
    scatter();
    const auto id = newest();
    expect_gone([&] { BOOST_TEST(server->client().send("DELETE", "/api/v1/executions/" + id).status == 200); });
    BOOST_TEST(ended("family").reason == "stopped");
}

BOOST_AUTO_TEST_CASE(a_timeout_ends_all_that_the_job_has_started) {
    start();
    const SystemClock clock;
    scatter(R"(,"timeout":3)");
    const Pauses pauses;
    const Micros there = clock.monotonic();
    BOOST_TEST(wait_until([&] { return family.all_gone(); }));
    BOOST_TEST(clock.monotonic() - there - pauses.total() <= 3 * kSecond + kLimit);
    BOOST_TEST(ended("family").reason == "timeout");
}

BOOST_AUTO_TEST_CASE(a_shutdown_ends_all_that_the_job_has_started) {
    start();
    scatter();
    expect_gone([&] { server->signal(SIGTERM); });
    BOOST_TEST(server->stop().code == 0);
}

BOOST_AUTO_TEST_CASE(a_run_that_replaces_another_ends_all_that_the_job_has_started) {
    start();
    scatter(R"(,"overlap":"replace")");
    expect_gone([&] {  // by a fire: runs by hand stop no others. It must not hold the FIFO open
        const auto fired = server->client().send("PATCH", "/scheduler/jobs/family",
                                                 R"({"func":"sample:hello","kwargs":{},"trigger":"date"})");
        BOOST_TEST(fired.status == 200, fired.body);
    });
    BOOST_TEST(wait_until([&] { return executions("family").back().reason == "replaced"; }));
}

BOOST_AUTO_TEST_CASE(a_new_server_ends_what_a_killed_one_left_running_in_groups_and_sessions_of_its_own) {
    settings = {"workers.max=2", "workers.grace=60"};  // a worker that loses its server waits that long for its job
    start();
    scatter();
    server->kill_hard();
    BOOST_TEST(!family.all_gone());
    start();
    const SystemClock clock;
    const Pauses pauses;
    const Micros served = clock.monotonic();
    BOOST_TEST(wait_until([&] { return family.all_gone(); }));
    BOOST_TEST(clock.monotonic() - served - pauses.total() <= kLimit);
    BOOST_TEST(ended("family").reason == "lost");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
