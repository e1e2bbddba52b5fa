// A worker program that says what no worker says, or nothing: each of its runs gets one verdict, and it is killed.
#include "base/ids.hpp"
#include "base/json.hpp"
#include "pool_fixture.hpp"
#include "support/hostile_script.hpp"
#include "support/manual_clock.hpp"
#include "support/slowdown.hpp"
#include "support/wait.hpp"

#include <foliot/abi.h>

#include <boost/test/unit_test.hpp>
#include <signal.h>
#include <sys/wait.h>

using namespace foliot;
using namespace foliot::testing;
using namespace foliot::testing::hostile;

namespace {

using Script = std::vector<Move>;

struct Hostility {
    const char* what;
    Script script;
    std::string reason;
    const char* error = "";  ///< part of it
};

constexpr std::uint8_t outcome(std::uint8_t number) { return static_cast<std::uint8_t>(number << 4U); }
constexpr std::uint8_t phase(std::uint8_t number) { return static_cast<std::uint8_t>(number << 4U); }

std::string bytes_of(std::initializer_list<std::int64_t> numbers) {
    std::string bytes;
    for (const std::int64_t number : numbers) bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
    return bytes;
}

/// One that gets ready, takes its run and says that it has begun; then does this.
Script once_begun(const Script& rest) {
    Script script{{Step::hello}, {Step::take_start}, {Step::ledger, phase(1)}, {Step::started}};
    script.insert(script.end(), rest.begin(), rest.end());
    return script;
}

/// A failure with this error code.
Move fails_with(const std::string& code) {
    constexpr std::size_t head = 16;
    process::Result result;
    result.outcome = FOLIOT_FAILED;
    result.error_code = code;
    return {Step::frame, 0, std::string("\x07\0", 2) + process::encode(0, result).substr(head)};
}

const std::string kMegabytes(60'000, 'x');
const std::string kLongestCode(128, 'x');
const Move kGoodResult{Step::result, outcome(0), "\"good\""};
const Move kMarker{Step::marker};
const Move kEnd{Step::exit, 0};

std::vector<Hostility> hostilities() {
    return {
        {"nothing at all", {}, "load_error", "not ready within"},
        {"an end before anything", {{Step::exit, 9}}, "load_error", "status 9"},
        {"a crash before anything", {{Step::raise, SIGSEGV}}, "load_error", "signal 11"},
        {"two HELLOs", {{Step::hello}, {Step::take_start}, {Step::hello}}, "protocol_error", "a second HELLO"},
        {"a HELLO in the run", once_begun({{Step::hello}}), "protocol_error", "a second HELLO"},
        {"HELLO and no more", {{Step::hello}}, "timeout"},
        {"a start and no more", once_begun({}), "timeout"},
        {"a stopped process", once_begun({{Step::raise, SIGSTOP}}), "timeout"},
        {"no result, status 0", once_begun({{Step::exit, 0}}), "exited:0"},
        {"no result, status 5", once_begun({{Step::exit, 5}}), "exited:5"},
        {"no result, a signal", once_begun({{Step::raise, SIGFPE}}), "crashed:SIGFPE"},
        {"a result after one's end", once_begun({kGoodResult, kMarker, {Step::exit, 5}}), ""},
        {"a result and no marker", once_begun({kGoodResult, {Step::await_recall}}), ""},
        {"a result said slowly", once_begun({{Step::slowly, 0, std::string(64, '\0')}}), "protocol_error", "frame"},
        {"two results, of which the first counts", once_begun({kGoodResult, kGoodResult}), ""},
        {"a result of nobody's run", once_begun({{Step::result, far, "1"}, kGoodResult, kMarker, kEnd}), ""},
        {"a result with no outcome", once_begun({{Step::result, outcome(9), "1"}, kMarker}), "protocol_error",
         "outcome 9"},
        {"a result that is no JSON", once_begun({{Step::result, outcome(0), "{"}}), "protocol_error", "no JSON"},
        {"a success that never began",
         {{Step::hello}, {Step::take_start}, {Step::result, kDetail, bytes_of({0, 0})}},
         "protocol_error",
         "never began"},
        {"a result from the future", once_begun({{Step::result, kDetail, bytes_of({1, 253'402'300'800'000'000})}}),
         "protocol_error", "the start"},
        {"a start before all time",
         {{Step::hello}, {Step::take_start}, {Step::ledger, phase(1)}, {Step::started, kDetail, bytes_of({-5})}},
         "protocol_error",
         "the start -5"},
        {"a start at the end of time",
         {{Step::hello},
          {Step::take_start},
          {Step::ledger, phase(1)},
          {Step::started, kDetail, bytes_of({std::numeric_limits<std::int64_t>::max()})}},
         "protocol_error",
         "the start 9223372036854775807"},
        {"a start that lies ahead, and a crash",
         {{Step::hello},
          {Step::take_start},
          {Step::ledger, phase(1)},
          {Step::started, kDetail, bytes_of({SystemClock().now() + 1800 * kSecond})},
          {Step::raise, SIGFPE}},
         "crashed:SIGFPE"},
        {"an error code that is no text",
         once_begun({fails_with("odd\xFF"
                                "code"),
                     kMarker, kEnd}),
         "odd"},
        {"an error code without end", once_begun({fails_with(std::string(10'000, 'x')), kMarker, kEnd}), kLongestCode},
        {"a ledger of impossible times",
         {{Step::hello},
          {Step::take_start},
          {Step::ledger, phase(2) | kDetail, bytes_of({-1, std::numeric_limits<std::int64_t>::max()})},
          {Step::raise, SIGKILL}},
         ""},
        {"a ledger of an impossible phase",
         {{Step::hello}, {Step::take_start}, {Step::ledger, phase(15)}, {Step::raise, SIGBUS}},
         "crashed:SIGBUS"},
        {"a run given back unasked",
         {{Step::hello}, {Step::take_start}, {Step::returned}},
         "protocol_error",
         "without having been asked"},
        {"a frame that is too long", once_begun({{Step::control_bytes, 0, "\xFF\xFF\xFF\x7F"}}), "protocol_error"},
        {"a frame that is too short", once_begun({{Step::control_bytes, 0, std::string("\x01\0\0\0", 4) + "x"}}),
         "protocol_error"},
        {"a frame of no known type", once_begun({{Step::frame, 0, std::string("\xEE\0", 2)}}), "protocol_error",
         "unknown frame type"},
        {"an unknown frame that may be skipped",
         once_begun({{Step::frame, 0, "\xEE\x01stuff"}, kGoodResult, kMarker, kEnd}), ""},
        {"a frame for workers", once_begun({{Step::frame, 0, std::string("\x02\0", 2)}}), "protocol_error"},
        {"a body that is too short", once_begun({{Step::frame, 0, std::string("\x07\0\x01", 3)}}), "protocol_error"},
        {"half a frame and the end", once_begun({{Step::control_bytes, 0, "\x40"}, {Step::exit, 1}}), "exited:1"},
        {"a RESULT among the log lines",
         once_begun({{Step::log_bytes, 0, std::string("\x0C\0\0\0\x07\0\0\0\0\0\0\0\0\0\0\0", 16)}}), "protocol_error",
         "among the log lines"},
        {"a log line that is too long", once_begun({{Step::log_bytes, 0, std::string("\xFF\xFF\x01\0", 4)}}),
         "protocol_error"},
        {"markers of nobody's run",
         once_begun({{Step::marker, far}, {Step::marker, none}, {Step::marker, highest}, kGoodResult, kMarker, kEnd}),
         ""},
        {"the control channel closed", once_begun({{Step::close, 3}}), "protocol_error", "closed its control channel"},
        {"its outputs closed", once_begun({{Step::close, 1}, {Step::close, 2}, kGoodResult, kEnd}), ""},
        // To close the last copy of somebody's socket can take as long as that one likes: here nobody must hold it.
        {"descriptors for the server", once_begun({{Step::pass}}), "exited:0"},
        {"an end while somebody looks into it", once_begun({{Step::trace}, {Step::exit, 5}}), "exited:5"},
        {"log lines for ever", once_begun({{Step::repeat, 20}, {Step::log, 0, kMegabytes}, kGoodResult, kMarker, kEnd}),
         ""},
        {"output for ever",
         once_begun({{Step::repeat, 60}, {Step::out_bytes, 0, kMegabytes}, kGoodResult, kMarker, kEnd}), ""},
        {"progress for ever", once_begun({{Step::repeat, 250}, {Step::progress, 0, "on"}, kGoodResult, kMarker, kEnd}),
         ""},
        {"signs of life for ever", once_begun({{Step::repeat, 250}, {Step::heartbeat}, kGoodResult, kMarker, kEnd}),
         ""},
    };
}

std::string hex_of(const Script& script) {
    std::string bytes;
    for (const Move& move : script) bytes += encoded(move);
    return to_hex(bytes);
}

struct HostilePool : Pool {
    explicit HostilePool(const Script& script) : Pool(1, 50 * kMillisecond) {
        options.worker_program = FOLIOT_HOSTILE_WORKER;
        options.environment = {std::string(kVariable) + "=" + hex_of(script)};
        if (script.empty()) options.limits.spawn_limit = kSlowdown * 500 * kMillisecond;
        options.limits.max_output = 64U << 10U;
        process::become_subreaper();
        supervisor.emplace(options, clock, ledger);
    }
    RunId submit_hostile(Micros timeout = kSlowdown * 500 * kMillisecond) {
        auto one = order(fixture("tasks"));
        one.timeout = timeout;
        return submit(std::move(one));
    }
};

bool lives(pid_t pid) { return ::kill(pid, 0) == 0; }

}  // namespace

BOOST_AUTO_TEST_CASE(whatever_a_worker_says_each_of_its_runs_ends_once_and_with_the_right_verdict) {
    for (const Hostility& hostility : hostilities()) {
        BOOST_TEST_CONTEXT(hostility.what) {
            HostilePool pool(hostility.script);
            for (int i = 0; i < 2; ++i) {  // the second shows that the first left nothing in disorder
                const Micros before = pool.clock.now();
                const RunId run =
                    hostility.reason == "timeout" ? pool.submit_hostile() : pool.submit_hostile(30 * kSecond);
                const auto& done = pool.result_of(run);
                BOOST_TEST(done.verdict.reason == hostility.reason, done.verdict.error);
                BOOST_TEST(done.verdict.error.find(hostility.error) != std::string::npos, done.verdict.error);
                BOOST_TEST((done.verdict.state == RunState::succeeded) == (done.verdict.reason.empty()));
                BOOST_CHECK_NO_THROW(json::parse(done.verdict.result));
                if (done.started != 0) BOOST_TEST(done.started >= before);
                BOOST_TEST(done.ended >= std::max(before, done.started));
                BOOST_TEST(done.ended <= pool.clock.now());
                std::size_t kept = 0;
                for (const auto& chunk : done.output) kept += chunk.data.size();
                BOOST_TEST(kept < 4U * (64U << 10U));
            }
            const auto pids = pool.supervisor->pids();
            pool.collect();
            for (const auto& [run, times] : pool.reports) BOOST_TEST(times == 1, "run " << raw(run));
            BOOST_TEST(pool.given_back.empty());
            pool.supervisor.reset();
            for (const pid_t pid : pids) BOOST_TEST(!lives(pid));
            BOOST_TEST(::waitpid(-1, nullptr, WNOHANG) == -1);  // nor a dead one that nobody has buried
        }
    }
}

namespace {

struct ClockFirst {
    WorkersClock stopped;  ///< outlives the pool
};

/// Time stands still here until it is moved.
struct StoppedPool : ClockFirst, HostilePool {
    StoppedPool(const Script& script, int workers) : HostilePool(script) {
        options.limits.max_workers = workers;
        supervisor.emplace(options, stopped, ledger);
    }
};

/// Two quick runs, after which the worker gets two at once and is asked to give back what it can.
struct Recalled : StoppedPool {
    explicit Recalled(const Script& rest) : StoppedPool(with_quick_runs(rest), 1) {
        for (int i = 0; i < 2; ++i) BOOST_TEST(reason_of(submit_hostile()).empty());
        std::vector<runner::RunOrder> orders;
        for (int i = 0; i < 2; ++i) {
            orders.push_back(order(fixture("tasks")));
            orders.back().timeout = kSlowdown * 500 * kMillisecond;
        }
        one = orders[0].assigned.run;
        two = orders[1].assigned.run;
        supervisor->submit(std::move(orders));
        supervisor->shut_down(10 * kSecond);
    }
    static Script with_quick_runs(const Script& rest) {
        Script script{{Step::hello},      {Step::take_start}, kGoodResult, kMarker,
                      {Step::take_start}, kGoodResult,        kMarker};
        script.insert(script.end(), rest.begin(), rest.end());
        return script;
    }
    void expect_broken_protocol(RunId run) {
        const Verdict& verdict = result_of(run).verdict;
        BOOST_TEST(verdict.reason == "protocol_error");
        BOOST_TEST(verdict.error.find("it returned a run that had begun") != std::string::npos, verdict.error);
    }
    RunId one, two;
};

const Move kTakeStart{Step::take_start}, kBegins{Step::ledger, phase(1)}, kAwaitRecall{Step::await_recall};

}  // namespace

BOOST_AUTO_TEST_CASE(a_worker_that_gives_back_what_it_has_begun_has_broken_the_protocol) {
    Recalled pool({kTakeStart, kTakeStart, kBegins, kAwaitRecall, {Step::returned}});
    pool.expect_broken_protocol(pool.two);
}

BOOST_AUTO_TEST_CASE(what_it_gives_back_beside_what_it_has_begun_is_not_lost) {
    Recalled pool({kTakeStart, kBegins, kTakeStart, kAwaitRecall, {Step::returned, kDetail}});
    pool.expect_broken_protocol(pool.one);
    BOOST_TEST(pool.turn_until([&] { return pool.given_back == std::vector{pool.two}; }));
}

BOOST_AUTO_TEST_CASE(runs_that_a_worker_does_not_give_back_are_taken_from_it_and_run_elsewhere) {
    for (const Script& answer :
         {Script{}, Script{kAwaitRecall, {Step::returned, none}, kAwaitRecall}}) {  // none, or one that says nothing
        Script rest{kTakeStart, kBegins, {Step::started}, kTakeStart};
        rest.insert(rest.end(), answer.begin(), answer.end());
        StoppedPool pool(Recalled::with_quick_runs(rest), 2);
        for (int i = 0; i < 2; ++i) BOOST_TEST(pool.reason_of(pool.submit("tasks")).empty());
        std::vector<runner::RunOrder> orders;
        for (int i = 0; i < 2; ++i) orders.push_back(pool.order(fixture("tasks")));
        const RunId one = orders[0].assigned.run, two = orders[1].assigned.run;
        pool.supervisor->submit(std::move(orders));
        BOOST_REQUIRE(pool.turn_until([&] {
            pool.stopped.advance(runner::kSlow);  // how long it has run is counted from when its STARTED is read
            return std::count(pool.started.begin(), pool.started.end(), one) > 0;
        }));
        BOOST_TEST(pool.finished.size() == 2U);

        pool.stopped.advance(10 * kSecond);
        BOOST_TEST(pool.reason_of(one) == "protocol_error");
        const std::string& error = pool.finished.at(one).verdict.error;
        BOOST_TEST(error.find("did not give back within 10 s of RECALL") != std::string::npos, error);
        BOOST_TEST(pool.reason_of(two).empty());
        for (const auto& [run, times] : pool.reports) BOOST_TEST(times == 1, "run " << raw(run));
    }
}

BOOST_AUTO_TEST_CASE(a_flood_of_frames_is_read_at_its_pace_and_the_result_behind_it_comes) {
    for (const Step flood : {Step::heartbeat, Step::progress}) {
        Script often;  // far more than its pipe holds: it lives until the flood is read
        for (int i = 0; i < 6; ++i) often.insert(often.end(), {{Step::repeat, 250}, {flood}});
        often.insert(often.end(), {kGoodResult, kMarker, kEnd});
        StoppedPool pool(once_begun(often), 1);
        const RunId run = pool.submit("tasks");
        const auto soon = [&](Micros limit) {
            const auto due = pool.supervisor->patience();
            return due && *due > 0 && *due <= limit;
        };
        BOOST_TEST(pool.turn_until([&] { return soon(runner::kSlow); }));  // it runs
        pool.stopped.advance(runner::kSlow);  // and is slow: nothing but a pause in reading is due so soon
        BOOST_TEST(pool.turn_until([&] { return soon(runner::kProgressPause - 1); }));
        BOOST_TEST(pool.finished.empty());
        BOOST_TEST(pool.turn_until([&] {
            pool.stopped.advance(runner::Throttle::kWindow);
            return pool.finished.contains(run);
        }));
        BOOST_TEST(pool.reason_of(run) == "");
    }
}
