// What the engine is told of processes that ended by themselves: which run, and whether something else had run there.
#include "pool_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>

#include <fstream>

using namespace foliot;
using namespace foliot::testing;
using runner::Crash;

namespace {

struct Told {
    std::string module;
    bool is_crash;
};

std::string path_of(const std::filesystem::path& path) { return R"({"path":")" + path.string() + R"("})"; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_process_that_ends_by_itself_has_crashed_and_one_that_is_ended_has_not) {
    Pool pool(1);
    for (const auto& [module, is_crash] : {Told{"run_segv", true},
                                           {"run_abort", true},
                                           {"run_exit0", true},
                                           {"run_exit7", true},
                                           {"run_throws_in_job", false},
                                           {"run_throws_int", false}}) {
        const RunId run = pool.submit(module);
        const std::string reason = pool.reason_of(run);
        BOOST_TEST((pool.crashes.count(run) > 0) == is_crash, module << ": " << reason);
        if (is_crash) BOOST_TEST((pool.crashes.at(run) == Crash::alone), module);
    }
    auto order = pool.order(fixture("run_spin"));
    order.timeout = 100 * kMillisecond;
    const RunId late = pool.submit(std::move(order));
    BOOST_TEST(pool.reason_of(late) == "timeout");
    BOOST_TEST(pool.crashes.count(late) == 0U);
}

BOOST_AUTO_TEST_CASE(a_broken_protocol_is_a_crash_and_limits_and_want_of_memory_are_none) {
    const auto killed_by = [](int signal) {
        return runner::is_crash(runner::judge({.exit = process::ExitStatus{.code = 0, .signal = signal}}));
    };
    BOOST_TEST(runner::is_crash(runner::judge({.protocol_error = "nonsense"})));
    BOOST_TEST(killed_by(SIGSEGV));
    BOOST_TEST(!killed_by(SIGKILL));
    BOOST_TEST(!killed_by(SIGXCPU));
    BOOST_TEST(!killed_by(SIGXFSZ));
    BOOST_TEST(!runner::is_crash(runner::judge({.stop = StopWhy::user, .killed = true})));
}

BOOST_AUTO_TEST_CASE(a_crash_after_other_runs_names_what_ran_before) {
    Pool pool(1);
    const auto module = fixture("run_aborts_if_told");
    std::ofstream(pool.folder / "crash") << "now";
    const std::string crash = path_of(pool.folder / "crash");
    BOOST_TEST(pool.reason_of(pool.submit(pool.order(module, 1))) == "");
    BOOST_TEST(pool.reason_of(pool.submit(pool.order(module, 1))) == "");
    const RunId run = pool.submit(pool.order(module, 0, crash));
    BOOST_TEST(pool.reason_of(run) == "crashed:SIGABRT");
    BOOST_TEST((pool.crashes.at(run) == Crash::after_others));
    const std::string& error = pool.finished.at(run).verdict.error;
    BOOST_TEST(error.find("had run 2 before it (f1)") != std::string::npos, error);

    const RunId again = pool.submit(pool.order(module, 0, crash));
    BOOST_TEST(pool.reason_of(again) == "crashed:SIGABRT");
    BOOST_TEST((pool.crashes.at(again) == Crash::alone));
    BOOST_TEST(pool.finished.at(again).verdict.error.find("before it") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_run_of_its_own_process_is_alone_whatever_ran_elsewhere) {
    Pool pool(1);
    const auto module = fixture("run_aborts_if_told");
    std::ofstream(pool.folder / "crash") << "now";
    BOOST_TEST(pool.reason_of(pool.submit(pool.order(module, 1))) == "");
    auto order = pool.order(module, 0, path_of(pool.folder / "crash"));
    order.fresh = true;
    const RunId run = pool.submit(std::move(order));
    BOOST_TEST(pool.reason_of(run) == "crashed:SIGABRT");
    BOOST_TEST((pool.crashes.at(run) == Crash::alone));
}

BOOST_AUTO_TEST_CASE(what_a_run_leaves_behind_is_in_its_log_and_its_worker_is_replaced) {
    Pool pool(1);
    const auto module = fixture("run_leaves_things");
    const RunId clean = pool.submit(pool.order(module, 0, R"({"what":"nothing"})"));
    const RunId dirty = pool.submit(pool.order(module, 0, R"({"what":"directory"})"));
    const RunId next = pool.submit(pool.order(module, 0, R"({"what":"nothing"})"));
    for (const RunId run : {clean, dirty, next}) BOOST_TEST(pool.reason_of(run) == "");
    BOOST_TEST(pool.output_of(clean, Stream::log) == "");
    const std::string log = pool.output_of(dirty, Stream::log);
    BOOST_TEST(log == "WARNING left behind in its process, which is replaced: the working directory\n");
    BOOST_TEST(pool.finished.at(next).pid != pool.finished.at(dirty).pid);
    BOOST_TEST(pool.finished.at(next).verdict.result != "\"/\"", "it runs where it should");
}
