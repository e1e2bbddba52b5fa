// What a run's end is taken for, and when it was, whatever the wall clock says.
#include "pool_fixture.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// The server's clock while it does not believe the system's, which is off by so much.
class OtherClock final : public Clock {
  public:
    explicit OtherClock(Micros ahead) : ahead_(ahead) {}
    Micros now() const override { return system_.now() + ahead_; }
    Micros monotonic() const override { return system_.monotonic(); }
    Micros boottime() const override { return system_.boottime(); }

  private:
    SystemClock system_;
    Micros ahead_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_stopped_run_that_answers_by_failing_is_stopped_and_dated_by_the_servers_clock) {
    for (const Micros ahead : {3'600 * kSecond, -3'600 * kSecond}) {
        const OtherClock clock(ahead);  // outlives the pool
        Pool pool(1);
        pool.supervisor.emplace(pool.options, clock, pool.ledger);
        const Micros before = clock.now();
        const RunId run = pool.submit("run_fails_when_cancelled");
        BOOST_REQUIRE(pool.turn_until_started(run));
        pool.supervisor->stop(run, StopWhy::user);
        BOOST_TEST(pool.reason_of(run) == "stopped");
        const auto& done = pool.finished.at(run);
        BOOST_TEST(done.started >= before);
        BOOST_TEST(done.ended >= done.started);
        BOOST_TEST(done.ended <= clock.now());

        const RunId crash = pool.submit("run_abort");
        BOOST_TEST(pool.reason_of(crash) == "crashed:SIGABRT");
        BOOST_TEST(pool.finished.at(crash).ended >= pool.finished.at(crash).started);
        BOOST_TEST(pool.finished.at(crash).ended <= clock.now());
    }
}

BOOST_AUTO_TEST_CASE(a_run_that_fails_since_the_worker_found_it_too_long_has_timed_out) {
    Pool pool(1, 10 * kSecond);
    auto order = pool.order(fixture("run_fails_when_cancelled"));
    order.timeout = 200 * kMillisecond;
    const std::int64_t claim = order.assigned.claim;
    const RunId run = pool.submit(std::move(order));
    BOOST_REQUIRE(pool.turn_until_started(run));
    // The supervisor stands still meanwhile.
    BOOST_REQUIRE(wait_until([&] {
        const auto found = pool.ledger.find(raw(run), claim);
        return found && found->phase == process::LedgerPhase::ended;
    }));
    BOOST_TEST(pool.reason_of(run) == "timeout");
    BOOST_TEST(pool.finished.at(run).verdict.error.find("could not tidy up") != std::string::npos);
}
