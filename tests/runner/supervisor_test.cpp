#include "runner/supervisor.hpp"

#include "pool_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>

#include <fstream>
#include <set>

using namespace foliot;
using namespace foliot::testing;

namespace {

struct Death {
    const char* module;
    RunState state;
    const char* reason;
};

bool is_state(RunState a, RunState b) { return a == b; }

std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::string kwargs_path(const std::filesystem::path& file, int hold_ms = 0) {
    return R"({"path":")" + file.string() + R"(","hold_ms":)" + std::to_string(hold_ms) + "}";
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_job_that_returns_succeeds_with_its_result_and_log) {
    Pool pool;
    const RunId run = pool.submit("tasks", kOk);
    const auto& done = pool.result_of(run);
    BOOST_TEST(is_state(done.verdict.state, RunState::succeeded));
    BOOST_TEST(done.verdict.result == "\"done\"");
    BOOST_TEST(pool.output_of(run, Stream::log).starts_with("INFO doing it"));
    BOOST_TEST(done.started > 0);
    BOOST_TEST(done.ended >= done.started);
    BOOST_TEST(done.pid > 0);
    BOOST_TEST(done.module_version == "1.0.0");
    BOOST_TEST(done.claim == 1001);
}

BOOST_AUTO_TEST_CASE(each_way_to_die_gets_its_verdict_and_the_next_run_is_unharmed) {
    const std::vector<Death> deaths{
        {"run_segv", RunState::failed, "crashed:SIGSEGV"},     {"run_abort", RunState::failed, "crashed:SIGABRT"},
        {"run_exit0", RunState::failed, "exited:0"},           {"run_exit7", RunState::failed, "exited:7"},
        {"run_throws_int", RunState::failed, "abi_violation"}, {"run_throws_in_job", RunState::failed, "exception"},
    };
    Pool pool;
    for (const Death& death : deaths) {
        BOOST_TEST_CONTEXT(death.module) {
            const RunId run = pool.submit(death.module);
            BOOST_TEST(pool.reason_of(run) == death.reason);
            BOOST_TEST(is_state(pool.finished.at(run).verdict.state, death.state));
            BOOST_TEST(!pool.finished.at(run).verdict.error.empty());
            const RunId next = pool.submit("bench", kNoop);
            BOOST_TEST(pool.reason_of(next) == "");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_spinning_job_is_killed_at_its_timeout_and_the_next_job_runs) {
    Pool pool(1, 100 * kMillisecond);
    auto order = pool.order(fixture("run_spin"));
    order.timeout = 100 * kMillisecond;
    const RunId spin = pool.submit(std::move(order));
    const RunId next = pool.submit("bench", kNoop);
    BOOST_TEST(pool.reason_of(spin) == "timeout");
    BOOST_TEST(is_state(pool.finished.at(spin).verdict.state, RunState::timeout));
    BOOST_TEST(pool.reason_of(next) == "");
}

BOOST_AUTO_TEST_CASE(a_job_that_ignores_sigterm_is_killed) {
    Pool pool(1, 100 * kMillisecond);
    const RunId run = pool.submit("run_ignores_sigterm");
    BOOST_REQUIRE(pool.turn_until_started(run));
    pool.supervisor->stop(run, StopWhy::user);
    BOOST_TEST(pool.reason_of(run) == "stopped");
    BOOST_TEST(is_state(pool.finished.at(run).verdict.state, RunState::stopped));
    BOOST_TEST(pool.output_of(run, Stream::log).starts_with("INFO ignoring"));
}

BOOST_AUTO_TEST_CASE(a_job_that_listens_is_stopped_in_good_order) {
    Pool pool(1, 10 * kSecond);
    const RunId run = pool.submit("tasks", kSlow);
    BOOST_REQUIRE(pool.turn_until_started(run));
    const pid_t before = pool.supervisor->pids().at(0);
    pool.supervisor->stop(run, StopWhy::replaced);
    BOOST_TEST(pool.reason_of(run) == "replaced");
    BOOST_TEST(pool.finished.at(run).verdict.error == "replaced by a newer run of the job");
    const RunId next = pool.submit("tasks", kOk);
    BOOST_TEST(pool.reason_of(next) == "");
    BOOST_TEST(pool.finished.at(next).pid != before);  // a worker is not used again after a stop
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_is_stopped_before_it_begins) {
    Pool pool(1);
    const auto file = pool.folder / "lines";
    const RunId slow = pool.submit("tasks", kSlow, R"({"seconds":0.3})");
    const RunId waiting = pool.submit("bench", kAppend, kwargs_path(file));
    pool.supervisor->stop(waiting, StopWhy::user);
    BOOST_TEST(pool.reason_of(waiting) == "stopped");
    BOOST_TEST(pool.finished.at(waiting).started == 0);
    BOOST_TEST(pool.reason_of(slow) == "");
    BOOST_TEST(lines_of(file).empty());
}

BOOST_AUTO_TEST_CASE(a_hundred_megabytes_of_output_are_capped_and_stay_with_their_run) {
    Pool pool(1);
    const RunId flood = pool.submit("run_floods_log");
    const RunId next = pool.submit("tasks", kOk);
    BOOST_TEST(pool.reason_of(flood) == "");
    const std::string out = pool.output_of(flood, Stream::out);
    const std::size_t kept = pool.options.limits.max_output;
    const std::string left_out = "[" + std::to_string((100U << 20U) - kept) + "]";
    BOOST_TEST(out.size() == kept + left_out.size());
    BOOST_TEST(out.find(left_out) == kept / 2);
    BOOST_TEST(pool.output_of(next, Stream::out) == "");
    BOOST_TEST(pool.reason_of(next) == "");
}

BOOST_AUTO_TEST_CASE(a_grandchild_that_holds_the_output_open_delays_nobody_and_dies) {
    Pool pool(1);
    const RunId run = pool.submit("run_forks_grandchild_holding_stdout");
    BOOST_TEST(pool.reason_of(run) == "");
    const std::string log = pool.output_of(run, Stream::log);
    const std::size_t at = log.find("grandchild ");
    BOOST_REQUIRE(at != std::string::npos);
    const pid_t grandchild = std::stoi(log.substr(at + 11));
    BOOST_TEST(pool.turn_until([&] { return !process::start_time_of(grandchild); }));
    BOOST_TEST(pool.reason_of(pool.submit("bench", kNoop)) == "");
}

BOOST_AUTO_TEST_CASE(a_worker_that_keeps_threads_of_a_job_is_replaced) {
    Pool pool(1);
    const RunId run = pool.submit("run_leaks_thread");
    BOOST_TEST(pool.reason_of(run) == "");
    const RunId again = pool.submit("run_leaks_thread");
    BOOST_TEST(pool.result_of(again).pid != pool.finished.at(run).pid);
}

BOOST_AUTO_TEST_CASE(a_job_that_closes_the_control_channel_fails_and_is_not_run_twice) {
    Pool pool(1);
    const RunId run = pool.submit("run_closes_fd3");
    const auto& done = pool.result_of(run);
    // The ledger tells how it ended, unless the worker noticed the loss while the job still ran.
    const bool known = done.verdict.reason.empty() || done.verdict.reason.starts_with("exited:");
    BOOST_TEST(known, done.verdict.reason);
    BOOST_TEST(pool.reports.at(run) == 1);
    BOOST_TEST(pool.reason_of(pool.submit("bench", kNoop)) == "");
}

BOOST_AUTO_TEST_CASE(a_module_that_cannot_be_loaded_is_an_error_of_the_run_that_waits) {
    Pool pool(1);
    const RunId run = pool.submit("missing_symbol");
    const auto& done = pool.result_of(run);
    BOOST_TEST(is_state(done.verdict.state, RunState::error));
    BOOST_TEST(done.verdict.reason == "load_error");
    BOOST_TEST(done.verdict.error.find("symbol") != std::string::npos);
    const RunId crash = pool.submit("ctor_crash");
    BOOST_TEST(pool.reason_of(crash) == "load_error");
    BOOST_TEST(pool.reason_of(pool.submit("bench", kNoop)) == "");
}

BOOST_AUTO_TEST_CASE(a_missing_worker_program_is_an_error_that_names_it) {
    Pool pool(1);
    pool.options.worker_program = pool.folder / "nowhere";
    pool.supervisor.emplace(pool.options, pool.clock, pool.ledger);
    const RunId run = pool.submit("bench", kNoop);
    BOOST_TEST(pool.reason_of(run) == "spawn_failed");
    BOOST_TEST(pool.finished.at(run).verdict.error.find("nowhere") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_warm_worker_is_reused_and_a_fresh_run_has_its_own) {
    Pool pool(1);
    const RunId first = pool.submit("bench", kNoop);
    pool.result_of(first);
    const RunId second = pool.submit("bench", kNoop);
    BOOST_TEST(pool.result_of(second).pid == pool.finished.at(first).pid);
    auto fresh = pool.order(fixture("bench"), kNoop);
    fresh.fresh = true;
    auto other = pool.order(fixture("bench"), kNoop);
    other.fresh = true;
    const RunId one = pool.submit(std::move(fresh));
    const RunId two = pool.submit(std::move(other));
    BOOST_TEST(pool.result_of(one).pid != pool.finished.at(second).pid);
    BOOST_TEST(pool.result_of(two).pid != pool.finished.at(one).pid);
}

BOOST_AUTO_TEST_CASE(a_new_version_of_a_module_gets_new_workers) {
    Pool pool(2);
    const auto file = pool.folder / "bench.so";
    std::filesystem::copy_file(fixture("bench")->path, file);
    const RunId before = pool.submit(pool.order(module_at(file, "1.0.0"), kNoop));
    const pid_t old = pool.result_of(before).pid;
    std::filesystem::copy_file(fixture("bench")->path, pool.folder / "new");
    std::filesystem::rename(pool.folder / "new", file);
    const RunId after = pool.submit(pool.order(module_at(file, "2.0.0"), kNoop));
    BOOST_TEST(pool.result_of(after).pid != old);
    BOOST_TEST(pool.finished.at(after).module_version == "2.0.0");
    BOOST_TEST(
        pool.turn_until([&] { return pool.supervisor->pids() == std::vector<pid_t>{pool.finished.at(after).pid}; }));
}

BOOST_AUTO_TEST_CASE(runs_of_a_version_that_is_gone_are_given_back) {
    Pool pool(1);
    const auto file = pool.folder / "bench.so";
    std::filesystem::copy_file(fixture("bench")->path, file);
    auto stale = pool.order(module_at(file), kNoop);
    std::filesystem::copy_file(fixture("tasks")->path, pool.folder / "new");
    std::filesystem::rename(pool.folder / "new", file);
    const RunId run = pool.submit(std::move(stale));
    BOOST_REQUIRE(pool.turn_until([&] { return !pool.given_back.empty(); }));
    BOOST_TEST((pool.given_back.at(0) == run));
    BOOST_TEST(pool.supervisor->workers() == 0U);
}

BOOST_AUTO_TEST_CASE(a_crash_hurts_only_the_current_run_of_those_queued_to_the_worker) {
    Pool pool(1);
    const auto file = pool.folder / "lines";
    for (int i = 0; i < 3; ++i)
        BOOST_REQUIRE_EQUAL(pool.reason_of(pool.submit("bench", kAppend, kwargs_path(file))), "");
    std::filesystem::remove(file);

    const RunId victim = pool.submit("bench", kAppend, kwargs_path(file, 60'000));
    std::vector<RunId> behind;
    for (int i = 0; i < 10; ++i) behind.push_back(pool.submit("bench", kAppend, kwargs_path(file)));
    BOOST_REQUIRE(pool.turn_until([&] { return lines_of(file).size() == 1; }));
    ::kill(pool.supervisor->pids().at(0), SIGSEGV);

    BOOST_TEST(pool.reason_of(victim) == "crashed:SIGSEGV");
    std::set<std::string> wanted{"x" + std::to_string(raw(victim))};
    for (const RunId run : behind) {
        BOOST_TEST(pool.reason_of(run) == "");
        BOOST_TEST(pool.reports.at(run) == 1);
        wanted.insert("x" + std::to_string(raw(run)));
    }
    const auto lines = lines_of(file);
    BOOST_TEST(lines.size() == 11U);  // none twice
    BOOST_TEST((std::set<std::string>(lines.begin(), lines.end()) == wanted));
}

BOOST_AUTO_TEST_CASE(a_kill_meant_for_one_run_never_hits_those_queued_behind_it) {
    Pool pool(1, 50 * kMillisecond);
    const auto file = pool.folder / "lines";
    for (int i = 0; i < 3; ++i) pool.result_of(pool.submit("bench", kAppend, kwargs_path(file)));
    std::filesystem::remove(file);

    auto order = pool.order(fixture("bench"), kAppend, kwargs_path(file, 60'000));
    order.timeout = 30 * kMillisecond;
    const RunId late = pool.submit(std::move(order));
    std::vector<RunId> behind;
    for (int i = 0; i < 10; ++i) behind.push_back(pool.submit("bench", kAppend, kwargs_path(file)));
    BOOST_TEST(pool.reason_of(late) == "timeout");
    for (const RunId run : behind) BOOST_TEST(pool.reason_of(run) == "");
    BOOST_TEST(lines_of(file).size() == 11U);
}

BOOST_AUTO_TEST_CASE(runs_behind_a_slow_one_move_to_another_worker) {
    Pool pool(2);
    const auto file = pool.folder / "lines";
    for (int i = 0; i < 3; ++i) pool.result_of(pool.submit("bench", kAppend, kwargs_path(file)));
    const RunId slow = pool.submit("bench", kAppend, kwargs_path(file, 60'000));
    std::vector<RunId> behind;
    for (int i = 0; i < 5; ++i) behind.push_back(pool.submit("bench", kAppend, kwargs_path(file)));
    for (const RunId run : behind) BOOST_TEST(pool.reason_of(run) == "");
    BOOST_TEST(pool.finished.count(slow) == 0U);
    pool.supervisor->stop(slow, StopWhy::user);
    BOOST_TEST(pool.reason_of(slow) == "stopped");
}

BOOST_AUTO_TEST_CASE(room_counts_workers_waiting_runs_and_the_queues_of_fast_functions) {
    Pool pool(2);
    pool.collect();
    BOOST_TEST(pool.room.any == 2);
    BOOST_TEST(pool.room.lanes.empty());
    const RunId slow = pool.submit("tasks", kSlow);
    pool.collect();
    BOOST_TEST(pool.room.any == 1);
    pool.result_of(pool.submit("bench", kNoop));
    pool.collect();
    BOOST_TEST(pool.room.any == 1);
    BOOST_REQUIRE_EQUAL(pool.room.lanes.size(), 1U);
    BOOST_TEST(pool.room.lanes[0].lane == lane_of("bench"));
    BOOST_TEST(pool.room.lanes[0].places == pool.options.limits.queue_depth - 1);
    pool.supervisor->stop(slow, StopWhy::user);
    pool.result_of(slow);
}

BOOST_AUTO_TEST_CASE(an_idle_worker_makes_room_for_another_module) {
    Pool pool(1);
    for (const char* name : {"bench", "tasks", "bench"}) {
        BOOST_TEST(pool.reason_of(pool.submit(name)) == "");
        BOOST_TEST(pool.supervisor->workers() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_shutdown_gives_back_what_waits_and_lets_running_jobs_end) {
    Pool pool(1);
    const RunId running = pool.submit("tasks", kSlow, R"({"seconds":0.3})");
    BOOST_REQUIRE(pool.turn_until_started(running));
    const RunId waiting = pool.submit("bench", kNoop);
    pool.supervisor->shut_down(20 * kSecond);
    const RunId late = pool.submit("bench", kNoop);
    BOOST_TEST(pool.reason_of(running) == "");
    BOOST_TEST((pool.given_back == std::vector<RunId>{waiting, late}));
    BOOST_TEST(pool.turn_until([&] { return pool.supervisor->workers() == 0; }));
    BOOST_TEST(pool.supervisor->idle());
    BOOST_TEST(pool.room.any == 0);
}

BOOST_AUTO_TEST_CASE(a_shutdown_interrupts_what_does_not_end_in_time) {
    Pool pool(2, 100 * kMillisecond);
    const RunId listens = pool.submit("tasks", kSlow);
    const RunId deaf = pool.submit("run_ignores_sigterm");
    BOOST_REQUIRE(pool.turn_until_started(listens));
    BOOST_REQUIRE(pool.turn_until_started(deaf));
    pool.supervisor->shut_down(50 * kMillisecond);
    BOOST_TEST(pool.reason_of(listens) == "interrupted");
    BOOST_TEST(is_state(pool.finished.at(listens).verdict.state, RunState::stopped));
    BOOST_TEST(pool.reason_of(deaf) == "interrupted");
    BOOST_TEST(is_state(pool.finished.at(deaf).verdict.state, RunState::failed));
    BOOST_TEST(pool.turn_until([&] { return pool.supervisor->workers() == 0; }));
}
