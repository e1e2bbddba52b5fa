// Limits of runs, in real workers.
#include "base/json.hpp"
#include "pool_fixture.hpp"
#include "runner/hard_limits.hpp"
#include "support/captured_error.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/resource.h>

#include <set>

using namespace foliot;
using namespace foliot::testing;

namespace {

constexpr std::uint32_t kCpu = 0, kFiles = 1, kFile = 2, kMemory = 3, kProcess = 4;
constexpr std::int64_t kMiB = 1 << 20;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kLimitsMemory = false;
#else
constexpr bool kLimitsMemory = true;
#endif

struct Greedy : Pool {
    using Pool::Pool;

    RunId submit(std::uint32_t function, const ResourceLimits& limits, const std::string& kwargs = "{}") {
        return submit("run_is_greedy", function, limits, kwargs);
    }
    RunId submit(const std::string& module, std::uint32_t function, const ResourceLimits& limits,
                 const std::string& kwargs = "{}") {
        auto one = order(fixture(module), function, kwargs);
        one.limits.configured = limits;
        return Pool::submit(std::move(one));
    }
    std::int64_t member(RunId run, const char* name) {
        const std::string text = result_of(run).verdict.result;
        const json::Value value = json::parse(text);
        const json::Value* found = value.find(name);
        BOOST_REQUIRE_MESSAGE(found != nullptr, name << " is not in " << text);
        return found->integer;
    }
    bool says(RunId run, const std::string& words) {
        const bool has = result_of(run).verdict.error.find(words) != std::string::npos;
        BOOST_TEST(has, result_of(run).verdict.error << " should say: " << words);
        return has;
    }
};

std::string much(const std::string& number) { return R"({"much":)" + number + "}"; }

std::string writes(const std::filesystem::path& file, const std::string& bytes, bool ignores_signals) {
    return R"({"path":")" + file.string() + R"(","much":)" + bytes + R"(,"ignores_signals":)" +
           (ignores_signals ? "true}" : "false}");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_run_that_uses_up_its_memory_fails_and_names_the_limit) {
    if (!kLimitsMemory) return;
    Greedy pool(1);
    for (const RunId run : {pool.submit("run_allocates_forever", 0, {.memory = 64 * kMiB}),
                            pool.submit(kMemory, {.memory = 64 * kMiB})}) {
        BOOST_TEST(pool.reason_of(run) == "out_of_memory");
        BOOST_TEST((pool.finished.at(run).verdict.state == RunState::failed));
        pool.says(run, "memory limit of 64 MiB (defaults.memory; an Admin may give the job a higher limits.memory)");
    }
}

BOOST_AUTO_TEST_CASE(the_run_after_one_that_used_up_its_memory_has_another_worker) {
    if (!kLimitsMemory) return;
    Greedy pool(1);
    const RunId hungry = pool.submit(kMemory, {.memory = 64 * kMiB});
    const RunId next = pool.submit(kProcess, {.memory = 64 * kMiB});
    BOOST_TEST(pool.reason_of(hungry) == "out_of_memory");
    BOOST_TEST(pool.reason_of(next) == "");
    BOOST_TEST(pool.finished.at(hungry).pid != pool.finished.at(next).pid);
}

BOOST_AUTO_TEST_CASE(a_worker_that_keeps_much_of_its_memory_is_replaced_before_it_fails_an_innocent_run) {
    Greedy pool(1);
    for (int i = 0; i < 4; ++i) {  // 64 MiB each
        BOOST_TEST(pool.reason_of(pool.submit("run_hoards_memory", 0, {.memory = 200 * kMiB})) == "");
    }
}

BOOST_AUTO_TEST_CASE(a_run_that_uses_up_its_processor_time_is_killed_and_names_the_limit) {
    Greedy pool(1);
    const RunId run = pool.submit("run_spin", 0, {.cpu = kSecond});
    const RunId next = pool.submit("tasks", kOk, {.cpu = kSecond});
    BOOST_TEST(pool.reason_of(run) == "cpu_limit");
    pool.says(run, "used more processor time than allowed: limit on processor time of 1 s (defaults.cpu;");
    pool.says(run, "it last said:\nINFO spinning");
    BOOST_TEST(pool.reason_of(next) == "");
}

BOOST_AUTO_TEST_CASE(the_runs_of_one_worker_have_their_processor_time_each_for_itself) {
    Greedy pool(1);
    std::set<pid_t> pids;
    for (int i = 0; i < 10; ++i) {
        const RunId run = pool.submit(kCpu, {.cpu = kSecond}, much("0.3"));
        BOOST_TEST(pool.reason_of(run) == "");
        pids.insert(pool.finished.at(run).pid);
    }
    BOOST_TEST(pids.size() == 1U);
    BOOST_TEST(pool.reason_of(pool.submit(kCpu, {.cpu = kSecond}, much("30"))) == "cpu_limit");
}

BOOST_AUTO_TEST_CASE(a_run_opens_as_many_files_as_it_may) {
    Greedy pool(1);
    const RunId run = pool.submit(kFiles, {.open_files = 100});
    const int opened = std::stoi(pool.result_of(run).verdict.result);
    BOOST_TEST(opened >= 100);
    BOOST_TEST(opened <= 108);
}

BOOST_AUTO_TEST_CASE(a_run_that_writes_too_large_a_file_is_killed_and_names_the_limit) {
    Greedy pool(1);
    const auto file = pool.folder / "large";
    const ResourceLimits limits{.file_size = kMiB};
    BOOST_TEST(pool.reason_of(pool.submit(kFile, limits, writes(file, "1048576", false))) == "");
    const RunId run = pool.submit(kFile, limits, writes(file, "1048577", false));
    BOOST_TEST(pool.reason_of(run) == "file_size_limit");
    pool.says(run, "limit on the size of a file of 1 MiB (defaults.file_size;");
    BOOST_TEST(std::filesystem::file_size(file) == 1048576U);
}

BOOST_AUTO_TEST_CASE(a_run_that_ignores_the_signal_gets_the_error_and_the_next_run_the_signal) {
    Greedy pool(1);
    const auto file = pool.folder / "large";
    const ResourceLimits limits{.file_size = kMiB};
    const RunId ignores = pool.submit(kFile, limits, writes(file, "2000000", true));
    BOOST_TEST(pool.result_of(ignores).verdict.result == "\"EFBIG\"");
    const RunId next = pool.submit(kFile, limits, writes(file, "2000000", false));
    BOOST_TEST(pool.reason_of(next) == "file_size_limit");
}

BOOST_AUTO_TEST_CASE(as_much_is_kept_of_what_a_run_prints_as_its_limit_says) {
    Greedy pool(1);
    pool.options.limits.max_output = 256U << 10U;
    const RunId little = pool.submit("run_floods_log", 0, {.output = 8192});
    const RunId usual = pool.submit("run_floods_log", 0, {});
    const auto printed = [&](RunId run) { return pool.output_of(run, Stream::out).size(); };
    BOOST_TEST(printed(little) > 8192U);
    BOOST_TEST(printed(little) < 8192U + 100U);
    BOOST_TEST(printed(usual) > pool.options.limits.max_output);
}

BOOST_AUTO_TEST_CASE(workers_give_way_as_they_are_told_and_to_the_server_when_memory_runs_out) {
    Greedy pool(2);
    const RunId usual = pool.submit(kProcess, {});
    const RunId nicer = pool.submit(kProcess, {.nice = 5});
    BOOST_TEST(pool.member(nicer, "nice") == std::min<std::int64_t>(19, pool.member(usual, "nice") + 5));
    BOOST_TEST(pool.member(usual, "oom_score_adj") == 800);
}

BOOST_AUTO_TEST_CASE(runs_with_other_limits_never_share_a_worker) {
    Greedy pool(8);
    const std::vector<ResourceLimits> profiles{
        {},         {.memory = 64 * kMiB}, {.cpu = kSecond}, {.open_files = 100}, {.file_size = kMiB}, {.output = 8192},
        {.nice = 1}};
    std::vector<std::set<pid_t>> pids(profiles.size());
    for (int round = 0; round < 3; ++round) {
        std::vector<RunId> runs;
        for (const ResourceLimits& limits : profiles) runs.push_back(pool.submit(kProcess, limits));
        for (std::size_t i = 0; i < runs.size(); ++i) pids[i].insert(pool.result_of(runs[i]).pid);
    }
    std::set<pid_t> all;
    for (const auto& one : pids) {
        BOOST_TEST(one.size() == 1U);
        all.insert(one.begin(), one.end());
    }
    BOOST_TEST(all.size() == profiles.size());
}

BOOST_AUTO_TEST_CASE(a_limit_that_the_system_does_not_grant_is_told_of) {
    rlimit files{};
    BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &files) == 0);
    BOOST_REQUIRE(files.rlim_max != RLIM_INFINITY);
    const auto most = static_cast<std::int64_t>(files.rlim_max);
    const auto told = [](const ResourceLimits& limits) {
        const CapturedError error;
        runner::warn_of_hard_limits(limits);
        return error.text();
    };
    BOOST_TEST(told({.open_files = most}) == "");
    const std::string text = told({.open_files = most + 1});
    const std::string wanted = "limits.open_files: jobs that may have " + std::to_string(most + 1) + " get " +
                               std::to_string(most) + ", the most that the system allows";
    BOOST_TEST(text.find(wanted) != std::string::npos, text);
}
