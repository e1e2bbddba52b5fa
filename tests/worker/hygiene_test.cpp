// What runs leave behind in their process: it is named, and nobody else runs there.
#include "../plugin_sdk/include/foliot/abi.h"
#include "support/wait.hpp"
#include "worker_process.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <cstring>
#include <ostream>

using namespace foliot;           // NOLINT(google-build-using-namespace)
using namespace foliot::process;  // NOLINT(google-build-using-namespace)
using namespace foliot::testing;  // NOLINT(google-build-using-namespace)

namespace {

struct Leftover {
    std::string what, words;
};
std::ostream& operator<<(std::ostream& out, const Leftover& one) { return out << one.what; }

const std::vector<Leftover> kLeftovers{
    {"nothing", ""},
    {"action", "what SIGUSR1 does"},
    {"handler", "what SIGTERM does"},  // the worker has one, too
    {"ignoring", "what SIGUSR2 does"},
    {"mask", "the signal mask"},
    {"directory", "the working directory"},
    {"umask", "the umask"},
    {"alarm", "an alarm (setitimer)"},
    {"environment", "the environment (FOLIOT_TEST_LEFT)"},
    {"locale", "the locale"},
    {"limit", "the limit RLIMIT_NOFILE"},
    {"niceness", "the niceness"},
    {"descriptor", "1 descriptor"},
};

std::string leaving(const std::string& what) { return R"({"what":")" + what + R"("})"; }

std::vector<std::uint64_t> numbers_in(const Returned& returned) {
    std::vector<std::uint64_t> numbers(returned.runs.size() / sizeof(std::uint64_t));
    std::memcpy(numbers.data(), returned.runs.data(), returned.runs.size());
    return numbers;
}

/// The control thread answers while the job thread does: the run may come with the second answer only.
void await_return(WorkerProcess& w, std::uint64_t run) {
    while (numbers_in(w.await(FrameType::returned).as<Returned>()) != std::vector<std::uint64_t>{run}) {}
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hygiene)

BOOST_DATA_TEST_CASE(what_a_run_leaves_behind_is_named, boost::unit_test::data::make(kLeftovers)) {
    WorkerProcess w({.module = "run_leaves_things"});
    w.start(1, 0, "[]", leaving(sample.what));
    const Result result = w.result_of(1);
    BOOST_TEST(result.outcome == FOLIOT_OK);
    BOOST_TEST(result.leftovers == sample.words);
}

BOOST_AUTO_TEST_CASE(a_timer_left_behind_is_named_where_the_kernel_tells_of_timers) {
    WorkerProcess w({.module = "run_leaves_things"});
    w.start(1, 0, "[]", leaving("timer"));
    const bool kernel_tells = ::access("/proc/self/timers", R_OK) == 0;
    BOOST_TEST(w.result_of(1).leftovers == (kernel_tells ? "timers (1)" : ""));
}

BOOST_AUTO_TEST_CASE(a_thread_left_behind_is_counted_and_nobody_runs_beside_it) {
    WorkerProcess w({.module = "run_leaks_thread"});
    // Both are with the worker before the first can have ended.
    Start order;
    order.execution = order.claim = 1;
    order.clock_offset = w.clock_offset;
    order.args = "[]";
    order.kwargs = "{}";
    const std::string first = encode(1, order);
    order.execution = 2;
    w.send(first + encode(2, order));
    BOOST_TEST(w.result_of(1).leftovers == "1 thread");
    await_return(w, 2);
    w.start(3);
    await_return(w, 3);
    BOOST_TEST((w.phase(2) == LedgerPhase::none));
    BOOST_TEST((w.phase(3) == LedgerPhase::none));
}

BOOST_AUTO_TEST_CASE(a_grandchild_left_behind_is_killed_and_counted) {
    WorkerProcess w({.module = "run_forks_grandchild_holding_stdout"});
    w.start(1);
    const std::string left = w.result_of(1).leftovers;
    BOOST_TEST(left.find("child process") != std::string::npos, left);
    BOOST_REQUIRE(wait_until([&] {
        w.pump(10);
        return !w.lines.empty();
    }));
    const std::string text = w.lines.front().as<Log>().text;
    const pid_t grandchild = std::stoi(text.substr(text.rfind(' ')));
    BOOST_TEST(!start_time_of(grandchild));
}

BOOST_AUTO_TEST_CASE(a_quick_function_is_looked_after_well_now_and_then_and_nobody_is_blamed_for_it) {
    WorkerProcess w({.module = "run_leaves_things"});
    std::uint64_t run = 0;
    std::string left;
    while (left.empty() && run < 250) {
        ++run;
        w.start(run, 0, "[]", leaving(run == 5 ? "environment" : "nothing"));
        left = w.result_of(run).leftovers;
    }
    BOOST_TEST(run <= 105U);
    BOOST_TEST(left.find("the environment (FOLIOT_TEST_LEFT)") == 0U, left);
    // A machine so slow that the fifth run took long knows whose it was.
    BOOST_TEST((run == 5 || left.find("it may be from any of the last ") != std::string::npos), left);
}

BOOST_AUTO_TEST_SUITE_END()
