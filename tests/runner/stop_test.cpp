// Stop means stopped: whatever a job has started is gone within the grace and a second.
#include "pool_fixture.hpp"
#include "support/pauses.hpp"
#include "support/scattered.hpp"
#include "support/slowdown.hpp"
#include "support/wait.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <signal.h>

#include <array>
#include <ostream>

namespace foliot::testing {
namespace {

constexpr Micros kGrace = 500 * kMillisecond;

enum class Way { user, replaced, timeout, shutdown };
std::ostream& operator<<(std::ostream& out, Way way) {
    constexpr std::array names{"user", "replaced", "timeout", "shutdown"};
    return out << names.at(static_cast<std::size_t>(way));
}

const std::array kWays{Way::user, Way::replaced, Way::timeout, Way::shutdown};

struct Scene : Pool {
    explicit Scene(int workers = 2) : Pool(workers, kGrace) { process::become_subreaper(); }
    Scattered family{folder / "fifo"};

    runner::RunOrder scatter(bool end = false) { return order(fixture("run_scatters"), 0, family.kwargs(end)); }
    void stop(RunId run, Way way) {
        if (way == Way::shutdown) supervisor->shut_down(0);
        if (way == Way::user) supervisor->stop(run, StopWhy::user);
        if (way == Way::replaced) supervisor->stop(run, StopWhy::replaced);
    }
};

BOOST_DATA_TEST_CASE(everything_that_a_run_has_started_is_gone_within_the_grace_and_a_second,
                     boost::unit_test::data::make(kWays)) {
    Scene pool;
    const Micros timeout = sample == Way::timeout ? 2 * kSecond : 0;
    auto order = pool.scatter();
    order.timeout = timeout;
    const RunId run = pool.submit(std::move(order));
    BOOST_REQUIRE(pool.turn_until_started(run));
    const Pauses pauses;
    const Micros began = pool.clock.monotonic();
    BOOST_REQUIRE(pool.turn_until([&] { return pool.family.all_there(); }));
    const Micros asked = sample == Way::timeout ? began + timeout : pool.clock.monotonic();
    pool.stop(run, sample);
    BOOST_TEST(pool.turn_until([&] { return pool.family.all_gone(); }, 20 * kSecond));
    const Micros took = pool.clock.monotonic() - asked - pauses.total();
    BOOST_TEST(took <= kGrace + kSlowdown * kSecond, "took " << took / kMillisecond << " ms");
    BOOST_TEST(!pool.reason_of(run).empty());
}

BOOST_AUTO_TEST_CASE(what_a_stopped_run_leaves_is_hunted_down_and_other_workers_families_live_on) {
    Scene pool;
    Scattered other{pool.folder / "other"};
    const RunId bystander = pool.submit("run_scatters", 0, other.kwargs());
    BOOST_REQUIRE(pool.turn_until([&] { return other.all_there(); }));
    auto fresh = pool.scatter();
    fresh.fresh = true;
    const RunId run = pool.submit(std::move(fresh));
    BOOST_REQUIRE(pool.turn_until([&] { return pool.family.all_there(); }));
    pool.supervisor->stop(run, StopWhy::user);
    BOOST_TEST(pool.reason_of(run) == "stopped");
    BOOST_TEST(pool.turn_until([&] { return pool.family.all_gone(); }));
    const auto before = pool.finished.count(bystander);
    BOOST_TEST(before == 0U);
    BOOST_TEST(!other.all_gone());
    pool.supervisor->stop(bystander, StopWhy::user);
    BOOST_TEST(pool.turn_until([&] { return other.all_gone(); }));
}

BOOST_AUTO_TEST_CASE(what_a_run_leaves_behind_when_it_ends_is_gone_before_the_next_begins) {
    Scene pool(1);
    const RunId run = pool.submit(pool.scatter(true));
    const RunId next = pool.submit("bench", kNoop);
    BOOST_REQUIRE(pool.turn_until([&] { return pool.family.all_there() || pool.finished.count(run) > 0; }));
    BOOST_TEST(pool.reason_of(run) == "");
    BOOST_TEST(pool.reason_of(next) == "");
    BOOST_TEST(pool.turn_until([&] { return pool.family.all_gone(); }));
}

BOOST_AUTO_TEST_CASE(a_worker_that_dies_takes_along_all_that_its_job_has_started) {
    Scene pool;
    const RunId run = pool.submit(pool.scatter());
    BOOST_REQUIRE(pool.turn_until([&] { return pool.family.all_there(); }));
    ::kill(pool.supervisor->pids().at(0), SIGSEGV);
    BOOST_TEST(pool.reason_of(run) == "crashed:SIGSEGV");
    const Pauses pauses;
    const Micros died = pool.clock.monotonic();
    BOOST_TEST(pool.turn_until([&] { return pool.family.all_gone(); }));
    BOOST_TEST(pool.clock.monotonic() - died - pauses.total() <= kSlowdown * kSecond);
}

}  // namespace
}  // namespace foliot::testing
