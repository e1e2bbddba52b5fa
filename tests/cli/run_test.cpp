#include "cli/program.hpp"
#include "process/spawn.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <functional>

using namespace foliot;
using namespace foliot::testing;

namespace {

using Words = std::vector<std::string>;

cli::ChildReport run(const std::string& target, const Words& options = {}) {
    Words words{"module", "run", target};
    words.insert(words.end(), options.begin(), options.end());
    return testing::foliot(words);
}

std::string fixture_run(const std::string& name) { return fixture_file(name) + ":run"; }

const std::vector<Words> kWays{{}, {"--in-process"}};

Words with(const Words& way, const Words& more) {
    Words all = way;
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

/// `foliot module ...` that goes on while the test does something to it.
struct Terminal {
    TempDir folder;
    process::Child child;
    bool ended = false;

    explicit Terminal(const Words& words) {
        const Fd out(::open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        process::SpawnRequest request;
        request.program = foliot_program().string();
        request.arguments = {"module"};
        request.arguments.insert(request.arguments.end(), words.begin(), words.end());
        request.environment = {"PATH=/usr/bin:/bin", "TMPDIR=" + folder.path().string()};
        request.out = request.err = out.get();
        child = process::spawn(request);
    }
    ~Terminal() {
        if (ended) return;
        process::signal_child(child, SIGKILL);
        wait_until([&] { return process::reap(child).has_value(); });
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    std::string text() const { return read_file(folder / "out"); }
    bool says(const std::string& part) {
        return wait_until([&] { return contains(text(), part); });
    }
    void press_ctrl_c() { process::signal_child(child, SIGINT); }
    /// Its exit status, or the signal that ended it, negative. `meanwhile` is called again and again until then.
    int ending(const std::function<void()>& meanwhile = [] {}) {
        std::optional<process::ExitStatus> status;
        const auto has_ended = [&] {
            meanwhile();
            return (status = process::reap(child)).has_value();
        };
        BOOST_REQUIRE_MESSAGE(wait_until(has_ended), text());
        ended = true;
        return status->signal != 0 ? -status->signal : status->code;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(running)

BOOST_AUTO_TEST_CASE(a_run_shows_its_log_and_its_result_and_ends_with_0) {
    for (const Words& way : kWays) {
        const auto said = run(sample_file() + ":hello", with(way, {"--args", R"(["Ada"])"}));
        BOOST_TEST(said.exit.code == 0, said.err);
        BOOST_TEST(contains(said.err, " INFO Hello, Ada!\n"), said.err);
        BOOST_TEST(said.out.starts_with("succeeded after "), said.out);
        BOOST_TEST(said.out.ends_with("\nresult \"Hello, Ada!\"\n"), said.out);
    }
}

BOOST_AUTO_TEST_CASE(arguments_are_given_by_order_by_name_or_both) {
    for (const Words& way : kWays) {
        const std::string target = sample_file() + ":AwesomeJob";
        const auto both = run(target, with(way, {"--args", R"(["a",2])", "--kwargs", R"({"k":[]})", "--json"}));
        BOOST_TEST(json::parse(both.out).find("result")->raw == R"({"args":["a",2],"kwargs":{"k":[]}})", both.out);
        const auto named = run(target, with(way, {"--args", R"({"k":1})", "--json"}));
        BOOST_TEST(json::parse(named.out).find("result")->raw == R"({"args":[],"kwargs":{"k":1}})", named.out);
    }
}

BOOST_AUTO_TEST_CASE(arguments_that_a_server_would_refuse_are_refused_before_anything_runs) {
    struct Row {
        Words options;
        const char* said;
    };
    const Row rows[] = {{{"--args", "[1]"}, "argument 'name'"},
                        {{"--args", R"(["a","b"])"}, "takes at most 1"},
                        {{"--kwargs", R"({"nmae":"a"})"}, "'nmae'"},
                        {{"--args", "["}, "option --args is no JSON"},
                        {{"--args", "1"}, "option --args is no JSON list"},
                        {{"--kwargs", "[]"}, "option --kwargs is no JSON object"},
                        {{"--config", "[]"}, "option --config is no JSON object"}};
    for (const Row& row : rows) {
        const auto said = run(sample_file() + ":hello", row.options);
        BOOST_TEST(said.exit.code == cli::kUsage);
        BOOST_TEST(contains(said.err, row.said), said.err);
    }
    const auto unknown = run(sample_file() + ":helo");
    BOOST_TEST(unknown.exit.code == cli::kUsage);
    BOOST_TEST(contains(unknown.err, "has no function 'helo'; it has: hello, "), unknown.err);
}

BOOST_AUTO_TEST_CASE(each_way_to_fail_is_told_and_ends_with_1) {
    struct Row {
        const char* fixture;
        const char* reason;
        bool in_process_too;
    };
    const Row rows[] = {{"run_segv", "crashed:SIGSEGV", false},
                        {"run_abort", "crashed:SIGABRT", false},
                        {"run_exit0", "exited:0", false},
                        {"run_exit7", "exited:7", false},
                        {"run_throws_int", "abi_violation", true},
                        {"run_throws_in_job", "exception", true},
                        {"run_big_result", "result_too_large", true},
                        {"run_two_results", "abi_violation", true}};
    for (const Row& row : rows) {
        for (const Words& way : kWays) {
            if (!way.empty() && !row.in_process_too) continue;
            const auto said = run(fixture_run(row.fixture), with(way, {"--json"}));
            BOOST_TEST(said.exit.code == cli::kFailed, row.fixture);
            BOOST_TEST(json::parse(said.out).find("reason")->string == row.reason, said.out);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_time_limit_ends_a_run_that_listens_and_kills_one_that_does_not) {
    const auto listens = run(sample_file() + ":slow", {"--timeout", "0.1"});
    BOOST_TEST(listens.exit.code == cli::kFailed);
    BOOST_TEST(contains(listens.out, "timeout"), listens.out);
    const auto here = run(sample_file() + ":slow", {"--timeout", "0.1", "--in-process", "--json"});
    BOOST_TEST(here.exit.code == cli::kFailed);
    BOOST_TEST(json::parse(here.out).find("reason")->string == "timeout", here.out);
    const auto spins = run(fixture_run("run_spin"), {"--timeout", "0.1", "--grace", "0.1"});
    BOOST_TEST(spins.exit.code == cli::kFailed);
    BOOST_TEST(contains(spins.out, "did not give up when asked and was killed"), spins.out);
}

BOOST_AUTO_TEST_CASE(the_limits_that_the_module_declares_hold) {
    const std::string greedy = fixture_file("run_is_greedy");
    const auto files = run(greedy + ":files", {"--json"});
    const auto opened = json::parse(files.out).find("result")->integer;
    BOOST_TEST((opened >= 100 && opened < 120), files.out);
    TempDir folder;
    const std::string path = folder / "large";
    const auto file = run(greedy + ":file", {"--kwargs", R"({"much":2097152,"path":")" + path + "\"}", "--json"});
    BOOST_TEST(file.exit.code == cli::kFailed);
    BOOST_TEST(contains(file.out, R"("reason":"file_size_limit")"), file.out);
    BOOST_TEST(contains(file.out, "1 MiB (declared by the function's module; "), file.out);
}

BOOST_AUTO_TEST_CASE(a_module_that_cannot_be_used_ends_with_3) {
    const auto missing = run(fixture_run("missing_symbol"));
    BOOST_TEST(missing.exit.code == cli::kImpossible);
    BOOST_TEST(contains(missing.err, "(load_error): "), missing.err);
    const auto refused = run(fixture_run("run_config"), {"--config", R"({"refuse":true})"});
    BOOST_TEST(refused.exit.code == cli::kImpossible);
    BOOST_TEST(contains(refused.out, "refused as configured"), refused.out);
    const auto here = run(fixture_run("run_config"), {"--config", R"({"refuse":true})", "--in-process"});
    BOOST_TEST(here.exit.code == cli::kImpossible);
    BOOST_TEST(contains(here.err, "refused as configured"), here.err);
}

BOOST_AUTO_TEST_CASE(the_module_gets_its_configuration) {
    for (const Words& way : kWays) {
        const auto said = run(fixture_run("run_config"), with(way, {"--config", R"({"greeting":"ciao","times":3})"}));
        BOOST_TEST(contains(said.out, R"({"greeting":"ciao","times":3})"), said.out);
    }
}

BOOST_AUTO_TEST_CASE(output_comes_through_as_it_was_printed) {
    const auto said = run(fixture_run("run_redirects_output"));
    BOOST_TEST(said.out.starts_with("private\nsucceeded after "), said.out);
    BOOST_TEST(contains(said.err, "private\n"));
    const auto flood = run(fixture_run("run_floods_log"), {"--json"});
    BOOST_TEST(flood.exit.code == 0);
    BOOST_TEST(json::parse(flood.out).find("state")->string == "succeeded");  // all else went to standard error
}

BOOST_AUTO_TEST_CASE(log_lines_are_shown_while_the_run_goes_on) {
    TempDir folder;
    for (const Words& way : kWays) {
        const std::string go = folder / (way.empty() ? "go" : "go2");
        Terminal terminal(with({"run", fixture_file("steps") + ":run", "--kwargs", R"({"path":")" + go + "\"}"}, way));
        BOOST_TEST(terminal.says(" INFO log one\n"), terminal.text());
        BOOST_TEST(terminal.says("out one\n"), terminal.text());
        BOOST_TEST(!contains(terminal.text(), "two"));
        std::filesystem::copy_file("/etc/passwd", go);
        BOOST_TEST(terminal.ending() == 0);
        for (const char* part : {"out two\n", "no newline", " INFO log two\n"})
            BOOST_TEST(contains(terminal.text(), part), terminal.text());
    }
}

BOOST_AUTO_TEST_CASE(ctrl_c_ends_a_run_in_good_order) {
    for (const Words& way : kWays) {
        Terminal terminal(with({"run", sample_file() + ":slow", "--args", "[600]"}, way));
        BOOST_REQUIRE(terminal.says("waiting"));
        terminal.press_ctrl_c();
        BOOST_TEST(terminal.ending() == cli::kStopped);
        BOOST_TEST(contains(terminal.text(), "stopped on request"), terminal.text());
    }
}

BOOST_AUTO_TEST_CASE(ctrl_c_kills_a_run_that_will_not_end_and_leaves_nothing) {
    Terminal terminal({"run", fixture_run("run_ignores_sigterm"), "--grace", "0.1"});
    BOOST_REQUIRE(terminal.says("INFO ignoring"));
    terminal.press_ctrl_c();
    BOOST_TEST(terminal.ending() == cli::kStopped);
    BOOST_TEST(contains(terminal.text(), "was killed"), terminal.text());
    int left = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(terminal.folder.path())) ++left;
    BOOST_TEST(left == 1);  // the output
}

BOOST_AUTO_TEST_CASE(a_run_in_process_that_will_not_end_is_ended_by_a_second_ctrl_c) {
    Terminal terminal({"run", fixture_run("run_ignores_sigterm"), "--in-process"});
    BOOST_REQUIRE(terminal.says("INFO ignoring"));
    BOOST_TEST(terminal.ending([&] { terminal.press_ctrl_c(); }) == -SIGINT);
}

BOOST_AUTO_TEST_CASE(ctrl_c_ends_a_check_and_what_it_has_started) {
    Terminal terminal({"check", fixture_file("ctor_hang"), "--only", "load"});
    const std::string children =
        "/proc/" + std::to_string(terminal.child.pid) + "/task/" + std::to_string(terminal.child.pid) + "/children";
    BOOST_REQUIRE(wait_until([&] { return !read_file(children).empty(); }));
    const pid_t hanging = std::stoi(read_file(children));
    terminal.press_ctrl_c();
    BOOST_TEST(terminal.ending() == cli::kStopped);
    BOOST_TEST(terminal.text() == "foliot: stopped\n");
    BOOST_TEST(!process::start_time_of(hanging));
}

BOOST_AUTO_TEST_CASE(a_debugger_finds_the_function_on_its_stack) {
    if (::access("/usr/bin/gdb", X_OK) != 0) {
        BOOST_TEST_MESSAGE("gdb is not installed: not tested");
        return;
    }
    TempDir folder;  // what it crashes leaves its own there
    const auto said = cli::run_child(
        "/usr/bin/gdb",
        {"-q", "-batch", "-iex", "set debuginfod enabled off", "-ex", "set breakpoint pending on", "-ex", "run", "-ex",
         "backtrace", "--args", foliot_program().string(), "module", "run", fixture_run("run_segv"), "--in-process"},
        kPatience, {.environment = {"TMPDIR=" + folder.path().string()}});
    BOOST_TEST(contains(said.out, "SIGSEGV"), said.out + said.err);
    BOOST_TEST(contains(said.out, "foliot::worker::call_function"), said.out);
    BOOST_TEST(contains(said.out, "in main ("), said.out);
}

BOOST_AUTO_TEST_SUITE_END()
