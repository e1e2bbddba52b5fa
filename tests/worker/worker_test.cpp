#include "../plugin_sdk/include/foliot/abi.h"
#include "../worker/exit_codes.hpp"
#include "support/wait.hpp"
#include "worker_process.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>

#include <algorithm>

using namespace foliot;           // NOLINT(google-build-using-namespace)
using namespace foliot::process;  // NOLINT(google-build-using-namespace)
using namespace foliot::testing;  // NOLINT(google-build-using-namespace)

namespace {

// Functions of the fixture "tasks".
constexpr std::uint32_t kOk = 0;
constexpr std::uint32_t kNoop = 1;
constexpr std::uint32_t kFail = 2;
constexpr std::uint32_t kSlow = 3;
constexpr std::uint32_t kTwo = 4;
constexpr std::uint32_t kView = 5;

/// Starts `slow` and returns when its code runs.
void start_slow(WorkerProcess& worker, std::uint64_t run, const std::string& args = "[60]", Micros timeout = 0) {
    const std::size_t lines = worker.lines.size();
    worker.start(run, kSlow, args, "{}", timeout);
    BOOST_REQUIRE(wait_until([&] {
        worker.pump(10);
        return worker.lines.size() > lines;
    }));
}

std::size_t position(const WorkerProcess& worker, FrameType type, std::uint64_t run) {
    for (std::size_t i = 0; i < worker.frames.size(); ++i) {
        if (worker.frames[i].is(type) && worker.frames[i].run == run) return i;
    }
    return worker.frames.size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(worker)

BOOST_AUTO_TEST_CASE(it_says_who_it_is_and_quits_when_told) {
    WorkerProcess w({.module = "tasks", .await_hello = false});
    const auto hello = w.await(FrameType::hello).as<Hello>();
    BOOST_TEST(hello.protocol == kProtocolVersion);
    BOOST_TEST(hello.pid == w.child.pid);
    BOOST_TEST(hello.module_version == "1.0.0");
    BOOST_TEST(hello.build_id.size() == 40U);
    w.send(encode_quit());
    const ExitStatus status = w.wait();
    BOOST_TEST(status.code == foliot::worker::kDone);
    BOOST_TEST(status.signal == 0);
}

BOOST_AUTO_TEST_CASE(a_job_may_return_a_view_into_its_arguments) {
    WorkerProcess w({.module = "tasks"});
    const std::string text(200, 'v');
    w.start(7, kView, R"([1,")" + text + R"("])");
    BOOST_TEST(w.result_of(7).result == '"' + text + '"');
}

BOOST_AUTO_TEST_CASE(a_run_ends_with_its_result) {
    WorkerProcess w({.module = "tasks"});
    w.start(7, kOk);
    const auto started = w.await(FrameType::started, 7).as<Started>();
    const auto result = w.result_of(7);
    BOOST_TEST(result.outcome == FOLIOT_OK);
    BOOST_TEST(result.result == "\"done\"");
    BOOST_TEST(result.started == started.at);
    BOOST_TEST(result.ended >= result.started);
    BOOST_TEST(result.leftovers == "");
    BOOST_TEST((w.phase(7) == LedgerPhase::ended));
    BOOST_REQUIRE(wait_until([&] {
        w.pump(10);
        return !w.lines.empty();
    }));
    const auto line = w.lines.front().as<Log>();
    BOOST_TEST(line.text == "doing it");
    BOOST_TEST(line.level == FOLIOT_LOG_INFO);
}

BOOST_AUTO_TEST_CASE(arguments_reach_the_job_by_place_and_by_name) {
    WorkerProcess w({.module = "tasks"});
    w.start(1, kTwo, "[7]", R"({"b":"\u00e9\n"})");
    const auto good = w.result_of(1);
    BOOST_TEST(good.result == "{\"a\":7,\"b\":\"\xc3\xa9\\n\"}", good.result + good.error_text);
    w.start(2, kTwo, "[7]", "{}");
    const auto missing = w.result_of(2);
    BOOST_TEST(missing.outcome == FOLIOT_FAILED_FOR_GOOD);
    BOOST_TEST(missing.error_code == "bad_arguments");
    w.start(3, kTwo, "[99999999999999999999]", R"({"b":""})");
    BOOST_TEST(w.result_of(3).error_code == "bad_arguments");
}

BOOST_AUTO_TEST_CASE(orders_that_cannot_be_carried_out_are_refused_without_a_call) {
    WorkerProcess w({.module = "tasks"});
    w.start(1, 99);
    BOOST_TEST(w.result_of(1).error_code == "no_function");
    w.start(2, kOk, "{]");
    BOOST_TEST(w.result_of(2).error_code == "bad_arguments");
    w.start(3, kOk, "{}");
    const auto result = w.result_of(3);
    BOOST_TEST(result.error_code == "bad_arguments");
    BOOST_TEST(result.started == 0);
    BOOST_TEST((w.phase(3) == LedgerPhase::none));
    w.start(4, kOk);
    BOOST_TEST(w.result_of(4).outcome == FOLIOT_OK);
}

BOOST_AUTO_TEST_CASE(all_instants_of_a_run_are_by_the_clock_of_its_server) {
    WorkerProcess w({.module = "tasks"});
    for (const Micros year : {Micros{2001}, Micros{2100}}) {
        const auto run = static_cast<std::uint64_t>(year);
        const Micros about = (year - 1970) * 365 * 86'400 * kSecond;
        w.clock_offset = about - SystemClock().boottime();
        const std::size_t lines = w.lines.size();
        w.start(run, kOk);
        const auto result = w.result_of(run);
        BOOST_REQUIRE(wait_until([&] {
            w.pump(10);
            return w.lines.size() > lines;
        }));
        const auto entry = w.ledger.find(static_cast<std::int64_t>(run), 1);
        BOOST_REQUIRE(entry.has_value());
        for (const Micros at : {w.await(FrameType::started, run).as<Started>().at, result.started, result.ended,
                                w.lines.back().as<Log>().at, entry->started, entry->ended}) {
            BOOST_TEST(at >= about);
            BOOST_TEST(at < about + 60 * kSecond);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_failure_carries_its_text_and_the_worker_goes_on) {
    WorkerProcess w({.module = "tasks"});
    w.start(1, kFail);
    w.start(2, kOk);
    const auto failed = w.result_of(1);
    BOOST_TEST(failed.outcome == FOLIOT_FAILED);
    BOOST_TEST(failed.error_text == "failed on purpose");
    const auto next = w.result_of(2);
    BOOST_TEST(next.outcome == FOLIOT_OK);
    BOOST_TEST(next.error_text.empty());
}

BOOST_AUTO_TEST_CASE(queued_runs_are_answered_in_order_each_before_the_next_begins) {
    WorkerProcess w({.module = "tasks"});
    for (std::uint64_t run = 1; run <= 200; ++run) w.start(run, kNoop);
    for (std::uint64_t run = 1; run <= 200; ++run) w.result_of(run);
    for (std::uint64_t run = 1; run < 200; ++run) {
        BOOST_TEST(position(w, FrameType::result, run) < position(w, FrameType::started, run + 1));
    }
}

BOOST_AUTO_TEST_CASE(a_short_queue_keeps_it_busy) {
    constexpr std::uint64_t kRuns = 20'000;
    constexpr std::uint64_t kAhead = 16;
    WorkerProcess w({.module = "bench"});
    const SystemClock clock;
    const Micros begin = clock.monotonic();
    std::uint64_t sent = 0;
    std::uint64_t done = 0;
    while (done < kRuns) {
        while (sent < kRuns && sent < done + kAhead) w.start(++sent);
        w.pump(1000);
        done += static_cast<std::uint64_t>(
            std::ranges::count_if(w.frames, [](const Frame& f) { return f.is(FrameType::result); }));
        w.frames.clear();
        BOOST_REQUIRE(clock.monotonic() - begin < 60 * kSecond);
    }
    const Micros took = clock.monotonic() - begin;
    BOOST_TEST_MESSAGE("runs a second: " << kRuns * kSecond / static_cast<std::uint64_t>(took));
    // Far below what it does: a loaded machine must pass, a wait in each run must not.
    BOOST_TEST(took < 10 * kSecond);
    BOOST_TEST((w.phase(kRuns) == LedgerPhase::ended));
}

BOOST_AUTO_TEST_CASE(a_marker_follows_each_run_on_both_outputs) {
    WorkerProcess w({.module = "tasks"});
    for (std::uint64_t run = 1; run <= 3; ++run) w.start(run, kNoop);
    for (std::uint64_t run = 1; run <= 3; ++run) w.result_of(run);
    const std::string wanted = marker(w.nonce, 1) + marker(w.nonce, 2) + marker(w.nonce, 3);
    BOOST_TEST(wait_until([&] {
        w.pump(10);
        return w.out == wanted && w.err == wanted;
    }));
}

BOOST_AUTO_TEST_CASE(the_running_job_is_cancelled) {
    WorkerProcess w({.module = "tasks"});
    start_slow(w, 1);
    w.send(encode(1, Cancel{FOLIOT_CANCEL_USER, kSecond}));
    const auto cancelled = w.result_of(1);
    BOOST_TEST(cancelled.outcome == FOLIOT_CANCELLED);
    BOOST_TEST(cancelled.cancelled == FOLIOT_CANCEL_USER);
    start_slow(w, 2, "[0.01]");
    const auto next = w.result_of(2);
    BOOST_TEST(next.outcome == FOLIOT_OK);
    BOOST_TEST(next.cancelled == FOLIOT_RUNNING);
}

BOOST_AUTO_TEST_CASE(a_queued_run_is_cancelled_without_being_called) {
    WorkerProcess w({.module = "tasks"});
    start_slow(w, 1);
    w.start(2, kOk);
    w.send(encode(2, Cancel{FOLIOT_CANCEL_USER, 0}) + encode(77, Cancel{FOLIOT_CANCEL_USER, 0}));
    const auto result = w.result_of(2);
    BOOST_TEST(result.outcome == FOLIOT_CANCELLED);
    BOOST_TEST(result.started == 0);
    BOOST_TEST((w.phase(2) == LedgerPhase::none));
    BOOST_TEST((w.phase(1) == LedgerPhase::started));
    w.send(encode(1, Cancel{FOLIOT_CANCEL_USER, 0}));
    w.result_of(1);
}

BOOST_AUTO_TEST_CASE(recall_gives_back_what_has_not_begun) {
    WorkerProcess w({.module = "tasks"});
    start_slow(w, 1);
    w.start(2, kOk);
    w.start(3, kOk);
    w.send(encode_recall());
    const auto returned = w.await(FrameType::returned).as<Returned>();
    BOOST_TEST((returned.runs == std::string("\2\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0", 16)));
    w.send(encode(1, Cancel{FOLIOT_CANCEL_USER, 0}));
    w.result_of(1);
    w.send(encode_recall());
    BOOST_TEST(w.await(FrameType::returned).as<Returned>().runs.empty());
    BOOST_TEST((w.phase(2) == LedgerPhase::none));
}

BOOST_AUTO_TEST_CASE(a_timeout_is_counted_from_the_start_of_the_code) {
    WorkerProcess w({.module = "tasks"});
    start_slow(w, 1, "[60]", 150 * kMillisecond);
    const auto result = w.result_of(1);
    BOOST_TEST(result.outcome == FOLIOT_CANCELLED);
    BOOST_TEST(result.cancelled == FOLIOT_CANCEL_TIMEOUT);
    BOOST_TEST(result.ended - result.started >= 150 * kMillisecond);
    BOOST_TEST(result.ended - result.started < 5 * kSecond);
}

BOOST_AUTO_TEST_CASE(quit_waits_for_the_queue) {
    WorkerProcess w({.module = "tasks"});
    w.start(1, kSlow, "[0.1]");
    w.start(2, kOk);
    w.send(encode_quit());
    BOOST_TEST(w.result_of(1).outcome == FOLIOT_OK);
    BOOST_TEST(w.result_of(2).outcome == FOLIOT_OK);
    BOOST_TEST(w.wait().code == foliot::worker::kDone);
}

BOOST_AUTO_TEST_CASE(when_the_server_dies_the_running_job_is_told_and_the_queue_is_dropped) {
    WorkerProcess w({.module = "tasks"});
    start_slow(w, 1);
    w.start(2, kOk);
    w.orders.reset();
    const ExitStatus status = w.wait();
    BOOST_TEST(status.code == foliot::worker::kServerGone);
    BOOST_TEST((w.phase(1) == LedgerPhase::ended));
    BOOST_TEST((w.phase(2) == LedgerPhase::none));
}

BOOST_AUTO_TEST_CASE(when_the_server_dies_unread_orders_are_not_begun) {
    for (int round = 0; round < 20; ++round) {
        WorkerProcess w({.module = "tasks"});
        for (std::uint64_t run = 1; run <= 20; ++run) w.start(run, kSlow, "[60]");
        w.orders.reset();
        BOOST_TEST(w.wait().code == foliot::worker::kServerGone);
        for (std::int64_t run = 2; run <= 20; ++run) BOOST_TEST((w.phase(run) == LedgerPhase::none));
    }
}

BOOST_AUTO_TEST_CASE(an_idle_worker_ends_with_the_server) {
    WorkerProcess w({.module = "tasks"});
    w.orders.reset();
    BOOST_TEST(w.wait().code == foliot::worker::kServerGone);
}

BOOST_AUTO_TEST_CASE(a_worker_whose_module_hangs_does_not_outlive_its_server) {
    {
        WorkerProcess w({.module = "run_hangs_at_its_ends", .config = R"({"hang":true})", .await_hello = false});
        BOOST_REQUIRE(wait_until([&] { return w.pump(20) && w.err.find("hanging") != std::string::npos; }));
        w.orders.reset();
        BOOST_TEST(w.wait().code == foliot::worker::kServerGone);
    }
    WorkerProcess w({.module = "run_hangs_at_its_ends"});
    w.start(1);
    BOOST_TEST(w.result_of(1).outcome == FOLIOT_OK);
    w.send(encode_quit());
    w.orders.reset();
    BOOST_TEST(w.wait().code == foliot::worker::kServerGone);
}

BOOST_AUTO_TEST_CASE(a_broken_frame_ends_the_worker) {
    WorkerProcess w({.module = "tasks"});
    w.send("\xff\xff\xff\xff garbage");
    BOOST_TEST(w.wait().code == foliot::worker::kProtocolError);
    WorkerProcess other({.module = "tasks"});
    other.send(encode(Describe{"{}"}));
    BOOST_TEST(other.wait().code == foliot::worker::kProtocolError);
}

BOOST_AUTO_TEST_CASE(a_job_that_exits_or_crashes_leaves_a_started_run_and_no_result) {
    struct Case {
        const char* module;
        int code, signal;
    };
    for (const Case& c : {Case{"run_exit0", 0, 0}, Case{"run_exit7", 7, 0}, Case{"run_segv", 0, SIGSEGV},
                          Case{"run_abort", 0, SIGABRT}}) {
        BOOST_TEST_CONTEXT(c.module) {
            WorkerProcess w({.module = c.module});
            w.start(1);
            w.start(2);
            w.await(FrameType::started, 1);
            const ExitStatus status = w.wait();
            BOOST_TEST(status.code == c.code);
            BOOST_TEST(status.signal == c.signal);
            BOOST_TEST((w.phase(1) == LedgerPhase::started));
            BOOST_TEST((w.phase(2) == LedgerPhase::none));
            BOOST_TEST(position(w, FrameType::result, 1) == w.frames.size());
        }
    }
}

BOOST_AUTO_TEST_CASE(an_exception_across_the_boundary_is_a_failed_run_of_a_living_worker) {
    WorkerProcess w({.module = "run_throws_int"});
    for (std::uint64_t run = 1; run <= 2; ++run) {
        w.start(run);
        const auto result = w.result_of(run);
        BOOST_TEST(result.outcome == FOLIOT_FAILED);
        BOOST_TEST(result.error_code == "abi_violation");
    }
}

BOOST_AUTO_TEST_CASE(results_that_are_too_large_or_come_twice_are_failures) {
    struct Case {
        const char* module;
        const char* code;
    };
    for (const Case& c : {Case{"run_big_result", "result_too_large"}, Case{"run_two_results", "abi_violation"}}) {
        WorkerProcess w({.module = c.module});
        w.start(1);
        const auto result = w.result_of(1);
        BOOST_TEST(result.outcome == FOLIOT_FAILED);
        BOOST_TEST(result.error_code == c.code);
        BOOST_TEST(result.result.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_job_that_closes_the_channel_ends_its_worker_only) {
    WorkerProcess w({.module = "run_closes_fd3"});
    w.start(1);
    const ExitStatus status = w.wait();
    BOOST_TEST((status.code == foliot::worker::kChannelBroken || status.code == foliot::worker::kServerGone),
               status.code);
    BOOST_TEST((w.phase(1) == LedgerPhase::ended));
}

BOOST_AUTO_TEST_CASE(floods_of_output_and_of_frames_arrive_whole) {
    WorkerProcess output({.module = "run_floods_log"});
    output.start(1);
    BOOST_TEST(output.result_of(1).outcome == FOLIOT_OK);
    const std::size_t wanted = (100U << 20U) + kMarkerBytes;
    BOOST_TEST(wait_until([&] {
        output.pump(10);
        return output.out.size() >= wanted;
    }));
    BOOST_TEST(output.out.size() == wanted);
    BOOST_TEST(output.out.ends_with(marker(output.nonce, 1)));

    WorkerProcess frames({.module = "run_floods_frames"});
    frames.start(1);
    const auto result = frames.result_of(1);
    BOOST_TEST(result.outcome == FOLIOT_OK);
    BOOST_TEST(wait_until([&] {
        frames.pump(10);
        return frames.lines.size() == 200'000;
    }));
    std::vector<Progress> progress;
    for (const Frame& f : frames.frames) {
        if (f.is(FrameType::progress)) progress.push_back(f.as<Progress>());
    }
    const auto seconds = static_cast<std::size_t>((result.ended - result.started) / kSecond);
    BOOST_TEST(progress.size() >= 1U);
    BOOST_TEST(progress.size() <= 4 * (seconds + 1) + 2);
    BOOST_TEST(progress.back().fraction == 199'999 / 200'000.0);
    BOOST_TEST(position(frames, FrameType::result, 1) == frames.frames.size() - 1);
}

BOOST_AUTO_TEST_CASE(a_long_run_beats_and_a_short_one_does_not) {
    WorkerProcess w({.module = "tasks"});
    w.start(1, kSlow, "[1.6]");
    w.result_of(1);
    w.start(2, kSlow, "[0.2]");
    w.result_of(2);
    BOOST_TEST(position(w, FrameType::heartbeat, 1) < w.frames.size());
    BOOST_TEST(position(w, FrameType::heartbeat, 2) == w.frames.size());
    BOOST_TEST(w.await(FrameType::heartbeat, 1).as<Heartbeat>().rss_bytes > 0U);
}

BOOST_AUTO_TEST_CASE(configuration_reaches_init_before_hello) {
    WorkerProcess w({.module = "run_config", .config = R"({"greeting":"moin","times":3})"});
    w.start(1);
    BOOST_TEST(w.result_of(1).result == R"({"greeting":"moin","times":3})");
}

BOOST_AUTO_TEST_CASE(a_worker_that_cannot_serve_says_why) {
    struct Case {
        const char* module;
        const char* config;
        int code;
    };
    for (const Case& c : {Case{"run_config", R"({"refuse":true})", foliot::worker::kInitFailed},
                          Case{"no_such_module", "{}", foliot::worker::kLoadError},
                          Case{"entry_null", "{}", foliot::worker::kEntryNull}}) {
        BOOST_TEST_CONTEXT(c.module) {
            WorkerProcess w({.module = c.module, .config = "-", .await_hello = false});
            ::signal(SIGPIPE, SIG_IGN);
            write_all(w.orders.get(), encode(Config{c.config}));
            BOOST_TEST(w.wait().code == c.code);
            BOOST_TEST(w.err.starts_with("foliot-worker: "));
            BOOST_TEST(w.frames.empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
