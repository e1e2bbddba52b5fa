// The modules we ship, called as the worker calls them.
#include "sdk/shared_object.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <foliot/testing.hpp>

#include <boost/test/unit_test.hpp>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;
using foliot::testing::Data;
using foliot::testing::Host;
using foliot::testing::plugin;
using foliot::testing::Report;
using foliot::testing::SharedObject;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Shell {
    SharedObject object{plugin("shell")};
    foliot::testing::TempDir folder;
    Host host;

    Report run(Data::List argv, Data::Map named = {}) {
        return host.call(object.job("run"), std::move(argv), std::move(named));
    }

    /// Runs a script that sees $OUT, the path of a file.
    Report script(const std::string& text, Data::Map env = {}) {
        env.emplace_back("OUT", out().string());
        return run({"/bin/sh", "-c", text}, {{"env", std::move(env)}});
    }
    std::filesystem::path out() const { return folder / "out"; }

    /// The same, cancelled as soon as the script has made $OUT.
    Report cancelled_script(const std::string& text) {
        std::thread other([&] {
            foliot::testing::wait_until([&] { return !read_file(out()).empty(); });
            host.cancel();
        });
        const Report report = script(text);
        other.join();
        return report;
    }
};

/// Gone, or a zombie that waits for whoever adopted it.
bool dead(const std::string& pid) {
    const std::string stat = read_file("/proc/" + pid + "/stat");
    const std::size_t end = stat.rfind(") ");
    return end == std::string::npos || stat[end + 2] == 'Z';
}

/// A signal set of /proc/self/status, without 32 and 33: glibc keeps them to itself and passes them on as it found
/// them.
std::uint64_t signals(const std::string& status, const std::string& label) {
    return std::stoull(status.substr(status.find(label) + label.size()), nullptr, 16) & ~std::uint64_t{0x1'8000'0000};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sample)

BOOST_AUTO_TEST_CASE(the_sample_jobs_do_what_they_say) {
    const SharedObject sample(plugin("sample"));
    BOOST_TEST(Host().call(sample.job("hello")).result == "\"Hello, world!\"");
    BOOST_TEST(Host().call(sample.job("hello"), {"Ada"}).logged("Hello, Ada!"));
    BOOST_TEST(Host().call(sample.job("AwesomeJob"), {"a", 2}).result == R"(["a",2])");
    BOOST_TEST(Host().call(sample.job("AwesomeJob"), {}, {{"k", Data::List{}}}).result ==
               R"({"args":[],"kwargs":{"k":[]}})");
    BOOST_TEST(Host().call(sample.job("fail"), {"no disk"}).error_text == "no disk");
    BOOST_TEST(Host().call(sample.job("slow"), {0.01}).progress.back() == 1.0);
    BOOST_TEST(Host().cancel().call(sample.job("slow")).outcome == FOLIOT_CANCELLED);
    const Report report = Host().call(sample.job("progress"), {3}, {{"step_seconds", 0}});
    BOOST_TEST(report.progress.size() == 3U);
    BOOST_TEST(report.result == R"({"steps":3})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(shell, Shell)

BOOST_AUTO_TEST_CASE(the_status_is_the_result_and_decides) {
    struct Row {
        const char* script;
        Data::List ok_codes;
        int outcome;
        const char* result;
        const char* text;
    };
    const Row table[] = {
        {"exit 0", {0}, FOLIOT_OK, R"({"returncode":0})", ""},
        {"exit 7", {0}, FOLIOT_FAILED, R"({"returncode":7})", "exit status 7"},
        {"exit 7", {0, 7}, FOLIOT_OK, R"({"returncode":7})", ""},
        {"exit 0", {7}, FOLIOT_FAILED, R"({"returncode":0})", "exit status 0"},
        {"kill -9 $$", {0}, FOLIOT_FAILED, R"({"returncode":-9})", "killed by SIGKILL"},
    };
    for (const Row& row : table) {
        const Report report = run({"/bin/sh", "-c", row.script}, {{"ok_codes", row.ok_codes}});
        BOOST_TEST(report.outcome == row.outcome);
        BOOST_TEST(report.result == row.result);
        BOOST_TEST(report.results == 1);
        BOOST_TEST(report.error_text == row.text);
    }
    BOOST_TEST(run({"true"}).outcome == FOLIOT_OK);
    BOOST_TEST(run({"false"}).outcome == FOLIOT_FAILED);
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_refused_by_name) {
    struct Row {
        Data::List argv;
        Data::Map named;
        const char* text;
    };
    const Row table[] = {
        {{}, {}, "argument '1', the program, is missing"},
        {{""}, {}, "argument '1', the program, is missing"},
        {{"sleep", 5}, {}, "argument '2' is not a valid string"},
        {{std::string("a\0b", 3)}, {}, "argument '1' holds a NUL character"},
        {{"true"}, {{"timeout", 5}}, "unknown argument 'timeout'"},
        {{"true"}, {{"env", "A=1"}}, "argument 'env' is not a valid object"},
        {{"true"}, {{"env", Data::Map{{"A", 1}}}}, "argument 'env' is not a valid object"},
        {{"true"}, {{"env", Data::Map{{"A=B", "1"}}}}, "argument 'env': 'A=B' is no name of a variable"},
        {{"true"}, {{"cwd", 1}}, "argument 'cwd' is not a valid string"},
        {{"true"}, {{"ok_codes", 0}}, "argument 'ok_codes' is not a valid array"},
        {{"true"}, {{"ok_codes", Data::List{"0"}}}, "argument 'ok_codes' is not a valid array"},
    };
    for (const Row& row : table) {
        const Report report = run(row.argv, row.named);
        BOOST_TEST(report.error_code == "bad_arguments");
        BOOST_TEST(report.error_text == row.text);
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_started_fails_and_says_why) {
    BOOST_TEST(run({"no-such-program"}).error_text == "cannot run 'no-such-program': not found in PATH");
    BOOST_TEST(run({"/no/such"}).error_text == "cannot run '/no/such': No such file or directory");
    BOOST_TEST(run({"/etc/passwd"}).error_text == "cannot run '/etc/passwd': Permission denied");
    BOOST_TEST(run({"true"}, {{"cwd", "/no/such"}}).error_text == "cwd '/no/such' is not a folder");
    BOOST_TEST(run({"/no/such"}).outcome == FOLIOT_FAILED);
}

BOOST_AUTO_TEST_CASE(the_child_is_told_which_run_it_is) {
    host.attempt(2).scheduled_time(foliot::Time(1'800'000'000'000'123us));
    BOOST_TEST(script("echo $FOLIOT_JOB_ID $FOLIOT_EXECUTION_ID $FOLIOT_ATTEMPT $FOLIOT_SCHEDULED_TIME $MORE > $OUT",
                      {{"MORE", "a b"}})
                   .error_text == "");
    BOOST_TEST(read_file(out()) == "test-job 0192f0c1e2d37a4b8c5d6e7f80912a3b 2 2027-01-15T08:00:00.000123Z a b\n");
}

BOOST_AUTO_TEST_CASE(a_run_without_a_time_says_none) {
    BOOST_TEST(script("echo ${FOLIOT_SCHEDULED_TIME-none} > $OUT").error_text == "");
    BOOST_TEST(read_file(out()) == "none\n");
}

BOOST_AUTO_TEST_CASE(it_works_in_an_empty_folder_or_where_it_is_told) {
    BOOST_TEST(script("ls -A | wc -l > $OUT; pwd >> $OUT").error_text == "");
    const std::string text = read_file(out());
    BOOST_TEST(text.starts_with("0\n"));
    BOOST_TEST(!std::filesystem::exists(text.substr(2, text.size() - 3)));
    BOOST_TEST(run({"/bin/sh", "-c", "pwd > here"}, {{"cwd", folder.path().string()}}).error_text == "");
    BOOST_TEST(read_file(folder / "here") == folder.path().string() + "\n");
}

BOOST_AUTO_TEST_CASE(the_childs_path_finds_the_program) {
    std::ofstream(folder / "tool") << "#!/bin/sh\nexit 5\n";
    std::filesystem::permissions(folder / "tool", std::filesystem::perms::owner_all);
    const Data::Map env{{"PATH", "/no:" + folder.path().string()}};
    BOOST_TEST(run({"tool"}, {{"env", env}}).result == R"({"returncode":5})");
}

BOOST_AUTO_TEST_CASE(the_child_has_no_input_no_descriptor_and_no_signal_setting_of_ours) {
    int leak[2];
    BOOST_REQUIRE(::pipe(leak) == 0);  // without CLOEXEC
    sigset_t term;
    sigset_t before;
    ::sigemptyset(&term);
    ::sigaddset(&term, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &term, &before);
    const auto old = ::signal(SIGPIPE, SIG_IGN);
    const Report report = script("{ cat; ls /proc/$$/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status; } > $OUT; true");
    ::signal(SIGPIPE, old);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::close(leak[0]);
    ::close(leak[1]);
    BOOST_TEST(report.error_text == "");
    const std::string text = read_file(out());
    BOOST_TEST(signals(text, "SigBlk:\t") == 0U, text);
    BOOST_TEST(signals(text, "SigIgn:\t") == 0U, text);
    BOOST_TEST(text.find("\n" + std::to_string(leak[0]) + "\n") == std::string::npos, text);
    BOOST_TEST(text.find("\n" + std::to_string(leak[1]) + "\n") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_the_program_and_what_it_started) {
    const Report report = cancelled_script("sleep 1000 & echo $! > $OUT; wait");
    BOOST_TEST(report.outcome == FOLIOT_CANCELLED);
    BOOST_TEST(report.results == 0);
    const std::string text = read_file(out());
    BOOST_TEST(foliot::testing::wait_until([&] { return dead(text.substr(0, text.size() - 1)); }));
}

BOOST_AUTO_TEST_CASE(a_program_that_ignores_sigterm_is_killed) {
    const Report report = cancelled_script("trap '' TERM; sleep 1000 & echo $! > $OUT; while :; do wait; done");
    BOOST_TEST(report.outcome == FOLIOT_CANCELLED);
    const std::string text = read_file(out());
    BOOST_TEST(foliot::testing::wait_until([&] { return dead(text.substr(0, text.size() - 1)); }));
}

BOOST_AUTO_TEST_CASE(a_program_may_clean_up_when_it_is_cancelled) {
    const Report report =
        cancelled_script("trap 'echo cleaned >> $OUT; exit 0' TERM; echo ready > $OUT; while :; do sleep 0.05; done");
    BOOST_TEST(report.outcome == FOLIOT_CANCELLED);
    BOOST_TEST(read_file(out()) == "ready\ncleaned\n");
}

BOOST_AUTO_TEST_CASE(a_run_cancelled_before_it_starts_starts_nothing) {
    host.cancel();
    BOOST_TEST(script("echo started > $OUT").outcome == FOLIOT_CANCELLED);
    BOOST_TEST(!std::filesystem::exists(out()));
}

BOOST_AUTO_TEST_SUITE_END()
