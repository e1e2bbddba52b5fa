// Workers that go because of what they have become, or because somebody else killed them.
#include "pool_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

using namespace foliot;
using namespace foliot::testing;

namespace {

bool is_failed(RunState state) { return state == RunState::failed; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_worker_is_replaced_after_its_number_of_runs_and_none_is_lost) {
    Pool pool(1);
    pool.options.limits.max_runs = 5;
    pool.supervisor.emplace(pool.options, pool.clock, pool.ledger);
    std::vector<pid_t> pids;
    for (int i = 0; i < 11; ++i) pids.push_back(pool.result_of(pool.submit("bench", kNoop)).pid);
    for (std::size_t i = 1; i < pids.size(); ++i) BOOST_TEST((pids[i] != pids[i - 1]) == (i % 5 == 0), "run " << i);

    std::vector<RunId> queued_ahead;
    for (int i = 0; i < 60; ++i) queued_ahead.push_back(pool.submit("bench", kNoop));
    std::set<pid_t> served;
    for (const RunId run : queued_ahead) {
        BOOST_TEST(pool.reason_of(run) == "");
        BOOST_TEST(pool.reports.at(run) == 1);
        served.insert(pool.finished.at(run).pid);
    }
    BOOST_TEST(served.size() >= 3U);  // a worker may end what was queued to it: 5 + 16 runs
    BOOST_TEST(pool.given_back.empty());
}

#if defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kMemoryFactor = 6;  // its notes about each byte
#else
constexpr std::uint64_t kMemoryFactor = 1;
#endif

BOOST_AUTO_TEST_CASE(a_worker_that_has_grown_too_big_is_replaced_after_its_run_however_big_the_server_was) {
    { const std::string once(512U << 20U, 's'); }  // the kernel counts a child's peak from its parent's
    Pool pool(1);
    pool.options.limits.max_rss = kMemoryFactor * (160U << 20U);
    pool.supervisor.emplace(pool.options, pool.clock, pool.ledger);
    std::vector<pid_t> pids;
    for (int i = 0; i < 4; ++i) pids.push_back(pool.result_of(pool.submit("run_hoards_memory")).pid);
    BOOST_TEST(pids[1] == pids[0]);
    BOOST_TEST(pids[2] == pids[0], "it is over only with its third run");
    BOOST_TEST(pids[3] != pids[0]);
    BOOST_TEST(pool.supervisor->workers() <= 1U);
}

BOOST_AUTO_TEST_CASE(a_worker_killed_by_somebody_else_fails_its_run_and_says_by_which_signal) {
    Pool pool(1);
    auto order = pool.order(fixture("tasks"), kSlow);
    order.timeout = 60 * kSecond;
    const RunId run = pool.submit(std::move(order));
    BOOST_REQUIRE(pool.turn_until_started(run));
    ::kill(pool.supervisor->pids().at(0), SIGKILL);
    BOOST_TEST(pool.reason_of(run) == "out_of_memory");
    const auto& verdict = pool.finished.at(run).verdict;
    BOOST_TEST(is_failed(verdict.state));
    BOOST_TEST(verdict.error.find("signal 9") != std::string::npos, verdict.error);
    BOOST_TEST(verdict.error.find("time limit") == std::string::npos, verdict.error);
    BOOST_TEST(pool.reason_of(pool.submit("tasks", kOk)) == "");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // those reserve terabytes
BOOST_AUTO_TEST_CASE(a_job_that_meets_a_limit_of_memory_fails_and_the_next_one_has_a_worker) {
    Pool pool(1);
    const auto program = pool.folder / "limited";
    std::ofstream(program) << "#!/bin/sh\nulimit -v 400000\nexec " << pool.options.worker_program.string()
                           << " \"$@\"\n";
    ::chmod(program.c_str(), 0700);
    pool.options.worker_program = program;
    pool.options.limits.max_rss = 100U << 20U;
    pool.supervisor.emplace(pool.options, pool.clock, pool.ledger);

    auto order = pool.order(fixture("run_allocates_forever"));
    order.timeout = 60 * kSecond;
    const RunId run = pool.submit(std::move(order));
    const auto& done = pool.result_of(run);
    BOOST_TEST(is_failed(done.verdict.state));
    BOOST_TEST(done.verdict.reason == "out_of_memory");
    BOOST_TEST(done.verdict.error.find("bad_alloc") != std::string::npos, done.verdict.error);
    const pid_t full = done.pid;
    const RunId again = pool.submit("run_allocates_forever");
    BOOST_TEST(pool.result_of(again).pid != full);
    BOOST_TEST(pool.reason_of(pool.submit("bench", kNoop)) == "");
}
#endif
