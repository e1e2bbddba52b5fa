#include "pool_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>

#include <condition_variable>
#include <mutex>
#include <set>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// What the engine does, without a store: hands out runs as there is room, and counts their ends.
struct Engine {
    void notify() {
        const std::lock_guard lock(mutex);
        called = true;
        condition.notify_one();
    }
    void wait() {
        std::unique_lock lock(mutex);
        condition.wait_for(lock, std::chrono::seconds(20), [&] { return called; });
        called = false;
    }
    std::mutex mutex;
    std::condition_variable condition;
    bool called = false;
};

}  // namespace

BOOST_AUTO_TEST_CASE(thousands_of_runs_end_once_each_and_the_engine_only_waits_for_notices) {
    Pool pool(2);
    const auto bench = fixture("bench");
    constexpr int kRuns = 30'000;
    Engine engine;
    auto runner = runner::start_runner(pool.options, pool.clock, pool.ledger, [&] { engine.notify(); });
    int submitted = 0;
    std::set<RunId> ended;
    const Micros begin = pool.clock.monotonic();
    for (bool first = true; ended.size() < kRuns; first = false) {
        if (!first) engine.wait();
        const auto collected = runner->collect();
        for (const auto& one : collected.finished) {
            BOOST_REQUIRE_EQUAL(one.verdict.reason, "");
            BOOST_REQUIRE(ended.insert(one.run).second);
        }
        int places = collected.room.any;
        for (const auto& lane : collected.room.lanes) places += lane.places;
        std::vector<runner::RunOrder> orders;
        for (; places > 0 && submitted < kRuns; --places, ++submitted) orders.push_back(pool.order(bench, kNoop));
        if (!orders.empty()) runner->submit(std::move(orders));
        BOOST_REQUIRE(pool.clock.monotonic() - begin < 100 * kSecond);
    }
    const Micros took = pool.clock.monotonic() - begin;
    BOOST_TEST_MESSAGE("runs per second: " << static_cast<Micros>(kRuns) * kSecond / took);
    BOOST_TEST(runner->idle());
}

BOOST_AUTO_TEST_CASE(a_worker_that_froze_while_idle_is_found_out_by_the_next_runs_time_limit) {
    Pool pool(1, 100 * kMillisecond);
    Engine engine;
    auto runner = runner::start_runner(pool.options, pool.clock, pool.ledger, [&] { engine.notify(); });
    const auto bench = fixture("bench");
    const auto run = [&] {
        std::vector<runner::RunOrder> orders;
        orders.push_back(pool.order(bench, kNoop));
        orders.back().timeout = 100 * kMillisecond;
        runner->submit(std::move(orders));
        runner::Collected collected;
        for (int i = 0; collected.finished.empty() && i < 3; ++i) {
            engine.wait();
            collected = runner->collect();
        }
        BOOST_REQUIRE_EQUAL(collected.finished.size(), 1U);
        return std::move(collected.finished.front());
    };
    const store::Finished good = run();
    BOOST_TEST(good.verdict.reason == "");
    ::kill(good.pid, SIGSTOP);
    const Micros begin = pool.clock.monotonic();
    BOOST_TEST(run().verdict.reason == "timeout");
    BOOST_TEST(pool.clock.monotonic() - begin < 10 * kSecond);
    BOOST_TEST(run().verdict.reason == "");
}

BOOST_AUTO_TEST_CASE(ending_the_runner_ends_its_workers) {
    Pool pool(1, 100 * kMillisecond);
    Engine engine;
    auto runner = runner::start_runner(pool.options, pool.clock, pool.ledger, [&] { engine.notify(); });
    std::vector<runner::RunOrder> orders;
    orders.push_back(pool.order(fixture("run_ignores_sigterm")));
    runner->submit(std::move(orders));
    runner::Collected collected;
    while (collected.started.empty()) {
        engine.wait();
        collected = runner->collect();
    }
    const pid_t worker = collected.started[0].pid;
    runner.reset();
    BOOST_TEST(!process::start_time_of(worker));
}
