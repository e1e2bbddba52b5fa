// How many workers there are, and for whom the last one is kept.
#include "pool_fixture.hpp"
#include "support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// The pool's time stands still until it is moved; only then does anything become slow or idle for long.
struct StillPool {
    explicit StillPool(int most, int fewest = 0) : pool(most) {
        pool.options.limits.min_workers = fewest;
        pool.supervisor.emplace(pool.options, clock, pool.ledger);
    }
    RunId start_slow(const std::string& module = "tasks") {
        const RunId run = pool.submit(module, kSlow);
        BOOST_REQUIRE(pool.turn_until([&] {
            clock.advance(runner::kSlow);
            return std::count(pool.started.begin(), pool.started.end(), run) > 0;
        }));
        return run;
    }
    void end(RunId run) {
        pool.supervisor->stop(run, StopWhy::user);
        BOOST_TEST(pool.reason_of(run) == "stopped");
    }
    bool has_workers(std::size_t count) {
        return pool.turn_until([&] { return pool.supervisor->workers() == count; });
    }

    WorkersClock clock;  // outlives the pool
    Pool pool;
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_pool_grows_with_its_work_up_to_its_most_and_shrinks_to_its_fewest_when_idle) {
    StillPool still(3, 1);
    Pool& pool = still.pool;
    const std::vector<RunId> runs{pool.submit("tasks", kOk), pool.submit("bench", kNoop), pool.submit("run_config"),
                                  pool.submit("tasks", kOk)};
    for (const RunId run : runs) BOOST_TEST(pool.reason_of(run) == "");
    BOOST_REQUIRE(pool.supervisor->workers() >= 2U);
    BOOST_TEST(pool.supervisor->workers() <= 3U);
    const std::size_t grown = pool.supervisor->workers();
    pool.supervisor->poll(0);

    still.clock.advance(pool.options.limits.idle - 1);
    const pid_t last = pool.result_of(pool.submit("tasks", kOk)).pid;  // used a moment ago: it stays longest
    BOOST_TEST(pool.supervisor->workers() == grown);
    still.clock.advance(1);
    BOOST_REQUIRE(still.has_workers(1));
    BOOST_TEST(pool.supervisor->pids().front() == last);

    still.clock.advance(10 * pool.options.limits.idle);
    for (int i = 0; i < 3; ++i) pool.supervisor->poll(0);
    BOOST_TEST(pool.supervisor->workers() == 1U, "the fewest stay");
    BOOST_TEST(pool.result_of(pool.submit("tasks", kOk)).pid == last);
}

BOOST_AUTO_TEST_CASE(the_last_idle_worker_goes_when_none_need_stay) {
    StillPool still(2);
    BOOST_TEST(still.pool.reason_of(still.pool.submit("tasks", kOk)) == "");
    still.pool.supervisor->poll(0);
    still.clock.advance(still.pool.options.limits.idle);
    BOOST_TEST(still.has_workers(0));
    still.clock.advance(kSecond);  // a look for what it may have left behind
    still.pool.supervisor->poll(0);
    BOOST_TEST(!still.pool.supervisor->patience(), "an idle pool without workers sleeps");
}

BOOST_AUTO_TEST_CASE(a_worker_that_runs_is_not_idle_however_long_it_takes) {
    StillPool still(2);
    const RunId run = still.start_slow();
    still.clock.advance(100 * still.pool.options.limits.idle);
    still.pool.supervisor->poll(0);
    BOOST_TEST(still.pool.supervisor->workers() == 1U);
    still.end(run);
}

BOOST_AUTO_TEST_CASE(the_last_place_is_kept_for_modules_that_hold_none_as_soon_as_there_are_two) {
    StillPool still(3);
    Pool& pool = still.pool;
    const RunId first = still.start_slow();
    pool.collect();
    BOOST_TEST(pool.room.any == 2);
    BOOST_TEST(pool.room.kept == 0, "there is no other module");
    BOOST_TEST(pool.reason_of(pool.submit("run_config")) == "");
    pool.collect();
    BOOST_TEST(pool.room.any == 2);
    BOOST_TEST(pool.room.kept == 1);
    BOOST_TEST(pool.room.holders == std::vector<std::int64_t>{lane_of("tasks")});
    still.end(first);
    pool.collect();
    BOOST_TEST(pool.room.holders.empty());
}

BOOST_AUTO_TEST_CASE(of_runs_that_wait_those_of_the_highest_priority_go_first) {
    Pool pool(1);
    const auto module = fixture("tasks");
    std::vector<RunId> runs;
    std::vector<runner::RunOrder> orders;
    for (const int priority : {3, 5, 9, 5, 0}) {
        auto order = pool.order(module, kOk);
        auto def = std::make_shared<Definition>(*order.assigned.def);
        def->priority = priority;
        order.assigned.def = def;
        runs.push_back(order.assigned.run);
        orders.push_back(std::move(order));
    }
    pool.supervisor->submit(std::move(orders));
    for (const RunId run : runs) BOOST_TEST(pool.reason_of(run) == "");
    const auto started = [&](int i) { return pool.finished.at(runs[static_cast<std::size_t>(i)]).started; };
    BOOST_TEST(started(2) < started(1));
    BOOST_TEST(started(1) < started(3));
    BOOST_TEST(started(3) < started(0));
    BOOST_TEST(started(0) < started(4));
}
