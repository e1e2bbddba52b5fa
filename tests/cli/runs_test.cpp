#include "cli/document.hpp"
#include "cli/run_output.hpp"
#include "cli/served.hpp"
#include "cli/shown.hpp"
#include "cli/terminal.hpp"
#include "support/shell.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <signal.h>

#include <algorithm>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// Jobs that fire in a hundred years; runs are by hand.
struct Runs {
    Served& on = shared_server();
    std::vector<std::string> made;
    TempDir dir;

    ~Runs() {
        for (const std::string& id : made) on.foliot({"jobs", "remove", id});
    }
    void job(const std::string& id, const std::string& func, const std::string& args = "[]") {
        on.said({"jobs", "add", id, func, "--args", args, "--at", "2099-01-01T00:00:00Z"});
        made.push_back(id);
    }
    void script(const std::string& id, const std::string& text) {
        job(id, "shell:run", R"(["/bin/sh", "-c", )" + json::quote(text) + "]");
    }
    std::string run(const std::string& id) {
        std::string execution = on.said({"jobs", "run", id});
        execution.pop_back();
        return execution;
    }
    std::string state_of(const std::string& execution) {
        return cli::text_at(cli::Document(on.said({"executions", "show", execution, "--json"})).value(), "state");
    }
};

/// A command that goes on while the test looks on.
struct Started {
    Started(const Served& on, std::vector<std::string> words, const std::filesystem::path& file) : path(file) {
        const Fd out(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        process::SpawnRequest request{.program = foliot_program().string(),
                                      .arguments = on.with_folder(std::move(words)),
                                      .environment = runner::worker_environment(),
                                      .out = out.get(),
                                      .err = out.get(),
                                      .extra = {}};
        child = process::spawn(request);
    }
    ~Started() {
        if (!ended) process::signal_child(child, SIGKILL);
        wait();
    }
    std::string text() const { return read_file(path.string()); }
    bool says(const std::string& part) const {
        return wait_until([&] { return contains(text(), part); }, kPatience);
    }
    int wait() {
        wait_until([&] { return ended || (ended = process::reap(child)); }, kPatience);
        return ended ? ended->code : -1;
    }
    std::filesystem::path path;
    process::Child child;
    std::optional<process::ExitStatus> ended;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(runs_of_a_server, Runs)

BOOST_AUTO_TEST_CASE(following_ends_with_0_when_the_run_succeeds) {
    job("hello", "sample:hello", R"(["you"])");
    const auto report = on.foliot({"jobs", "run", "hello", "--follow"});
    BOOST_TEST(report.exit.code == cli::kOk, report.err);
    BOOST_TEST(contains(report.out, " INFO Hello, you!\n"), report.out);
    BOOST_TEST(contains(report.err, " succeeded after "), report.err);
}

BOOST_AUTO_TEST_CASE(following_ends_with_1_when_the_run_fails_and_says_why) {
    job("fails", "sample:fail", R"(["no space left"])");
    const auto report = on.foliot({"jobs", "run", "fails", "--follow"});
    BOOST_TEST(report.exit.code == cli::kFailed);
    BOOST_TEST(contains(report.err, "no space left"), report.err);
    const auto as_json = on.foliot({"jobs", "run", "fails", "--follow", "--json"});
    BOOST_TEST(as_json.exit.code == cli::kFailed);
    BOOST_TEST(cli::text_at(cli::Document(as_json.out).value(), "state") == "failed");
    const std::string bad = on.said({"executions", "list", "--bad", "--job", "fails"});
    BOOST_TEST(contains(bad, "no space left"), bad);
    BOOST_TEST(std::ranges::count(bad, '\n') == 3, bad);
}

BOOST_AUTO_TEST_CASE(output_is_followed_while_it_is_written) {
    const auto gate = dir / "gate";
    script("live", "echo one; until [ -e " + gate.string() + " ]; do sleep 0.02; done; echo two");
    Started following(on, {"jobs", "run", "live", "--follow"}, dir / "out");
    BOOST_TEST(following.says("one\n"), following.text());
    BOOST_TEST(!contains(following.text(), "two"));
    write_text(gate, "");
    BOOST_TEST(following.wait() == cli::kOk, following.text());
    BOOST_TEST(contains(following.text(), "one\ntwo\n"), following.text());
}

BOOST_AUTO_TEST_CASE(interrupting_ends_the_following_and_not_the_run) {
    job("slow", "sample:slow", "[60]");
    Started following(on, {"jobs", "run", "slow", "--follow"}, dir / "out");
    std::string list;
    wait_until([&] { return contains(list = on.said({"executions", "list", "--job", "slow"}), "running"); });
    process::signal_child(following.child, SIGINT);
    BOOST_TEST(following.wait() == cli::kStopped, following.text());
    BOOST_TEST(contains(following.text(), "the run goes on; to end it: foliot executions stop "), following.text());
    const std::string id = list.substr(list.find('\n') + 1, 32);
    BOOST_TEST(state_of(id) == "running");
    on.said({"executions", "stop", id});
    BOOST_TEST(wait_until([&] { return state_of(id) == "stopped"; }));
    const auto again = on.foliot({"executions", "stop", id});
    BOOST_TEST(again.exit.code == cli::kImpossible);
    const std::string retried = on.said({"executions", "retry", id});
    BOOST_TEST(retried.size() == 33U, retried);
    on.said({"executions", "stop", retried.substr(0, 32)});
}

BOOST_AUTO_TEST_CASE(a_server_that_goes_while_it_is_followed_is_told) {
    Served going({"modules.path=" FOLIOT_MODULES_DIR});
    going.said({"jobs", "add", "talks", "shell:run", "--args", R"(["/bin/sh", "-c", "echo one; exec sleep 60"])",
                "--at", "2099-01-01T00:00:00Z"});
    Started following(going, {"jobs", "run", "talks", "--follow"}, dir / "out");
    BOOST_TEST(following.says("one\n"), following.text());
    going.server.kill_hard();
    BOOST_TEST(following.wait() == cli::kImpossible, following.text());
    BOOST_TEST(contains(following.text(), "the server broke off"), following.text());
    const auto gone = going.foliot({"jobs", "list"});
    BOOST_TEST(gone.exit.code == cli::kImpossible);
    // Somebody else may listen at its address by now, and is not sent the token.
    BOOST_TEST(contains(gone.err, "is what a server left that has crashed or was killed"), gone.err);
    BOOST_TEST(contains(going.foliot({"doctor"}).out, "WRONG   server: no server of this machine is to be found"));
}

BOOST_AUTO_TEST_CASE(that_a_run_has_to_wait_is_said) {
    job("hello", "sample:hello");
    on.said({"scheduler", "drain"});
    Started following(on, {"jobs", "run", "hello", "--follow"}, dir / "out");
    BOOST_TEST(following.says("has not begun yet; foliot doctor says why"), following.text());
    on.said({"scheduler", "undrain"});
    BOOST_TEST(following.wait() == cli::kOk, following.text());
}

BOOST_AUTO_TEST_CASE(what_a_run_by_hand_waits_for_is_shown) {
    job("slow", "sample:slow", "[600]");
    const std::string first = run("slow"), second = run("slow");
    BOOST_TEST(wait_until([&] { return state_of(first) == "running"; }));
    const auto shown = on.foliot({"executions", "show", second}, {"TZ=Asia/Tokyo"});
    BOOST_TEST(contains(shown.out, "\nwaits  It waits for a run of this job to end (max_instances is 1): " + first +
                                       " is running since "),
               shown.out);
    BOOST_TEST(!contains(shown.out, "+00:00"), shown.out);
    BOOST_TEST(!contains(shown.out, "\nfires "), shown.out);
    for (const std::string& id : {second, first}) on.said({"executions", "stop", id});
}

BOOST_AUTO_TEST_CASE(what_became_of_a_fire_is_told_in_local_times) {
    on.said({"jobs", "add", "once", "sample:hello", "--every", "1s"});
    made.push_back("once");
    std::string told;
    BOOST_TEST(wait_until([&] {
                   told = on.foliot({"jobs", "show", "once"}, {"TZ=Asia/Tokyo"}).out;
                   return contains(told, "last fire  The run of ") && contains(told, " succeeded.");
               }),
               told);
    BOOST_TEST(!contains(told, "+00:00"), told);
}

BOOST_AUTO_TEST_CASE(arguments_may_be_those_of_one_run) {
    job("hello", "sample:hello", R"(["you"])");
    const auto report = on.foliot({"jobs", "run", "hello", "--args", "[]", "--arg", "name=12", "--follow"});
    BOOST_TEST(contains(report.out, "Hello, 12!"), report.out << report.err);
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_no_control_characters_of_others_unless_it_wants_them) {
    script("paints", "printf '\\033[31mred\\007\\n'; printf 'caf\\303\\251\\n' >&2");
    const std::string id = run("paints");
    BOOST_TEST(wait_until([&] { return state_of(id) == "succeeded"; }));
    const std::string program = foliot_program().string();
    const std::string shown = on_terminal(80, program, on.with_folder({"executions", "log", id}));
    BOOST_TEST(shown == "\\x1b[31mred\\x07\ncafé\n");
    BOOST_TEST(on_terminal(80, program, on.with_folder({"executions", "log", id, "--raw"})) ==
               "\033[31mred\007\ncafé\n");
    BOOST_TEST(on.said({"executions", "log", id}) == "\033[31mred\007\ncafé\n");
    BOOST_TEST(on.said({"executions", "log", id, "--stream", "stderr"}) == "café\n");
    const cli::Document log(on.said({"executions", "log", id, "--json"}));
    BOOST_TEST(cli::items_at(log.value(), "output").size() == 2U);
}

BOOST_AUTO_TEST_CASE(how_a_run_ended_does_nothing_to_a_terminal) {
    job("paints", "sample:fail", R"(["\u001b[31mred"])");
    const std::string said =
        on_terminal(80, foliot_program().string(), on.with_folder({"jobs", "run", "paints", "--follow"}));
    BOOST_TEST(contains(said, "\\x1b[31mred"), said);
    BOOST_TEST(!contains(said, "\033"), said);
}

BOOST_AUTO_TEST_CASE(the_log_of_a_run_that_is_not_watched_any_more_says_that_it_goes_on) {
    script("talks", "echo one; exec sleep 60");
    const std::string id = run("talks");
    Started following(on, {"executions", "log", id, "--follow"}, dir / "out");
    BOOST_TEST(following.says("one\n"), following.text());
    process::signal_child(following.child, SIGINT);
    BOOST_TEST(following.wait() == cli::kStopped);
    BOOST_TEST(contains(following.text(), "the run goes on; to end it: foliot executions stop " + id),
               following.text());
    on.said({"executions", "stop", id});
}

BOOST_AUTO_TEST_CASE(ids_can_be_copied_from_the_tables_of_a_small_terminal) {
    job("a_job_with_a_name_that_is_rather_long", "sample:fail", R"(["and an error that is no shorter"])");
    const std::string id = run("a_job_with_a_name_that_is_rather_long");
    BOOST_TEST(wait_until([&] { return state_of(id) == "failed"; }));
    const std::string table = on_terminal(80, foliot_program().string(), on.with_folder({"executions", "list"}));
    BOOST_TEST(contains(table, id), table);
}

BOOST_AUTO_TEST_CASE(names_in_tables_do_nothing_to_the_terminal) {
    job("\033]0;owned\007 " + std::string(200, 'x'), "sample:hello");
    const std::string table = on_terminal(60, foliot_program().string(), on.with_folder({"jobs", "list"}));
    BOOST_TEST(contains(table, "\\x1b]0;"), table);
    BOOST_TEST(!contains(table, "\033"), table);
}

BOOST_AUTO_TEST_CASE(one_execution_is_shown_with_its_error_and_what_it_was_called_with) {
    job("fails", "sample:fail", R"(["no space left"])");
    const std::string id = run("fails");
    BOOST_TEST(wait_until([&] { return state_of(id) == "failed"; }));
    const std::string text = on.said({"executions", "show", id});
    for (const char* part : {"no space left", "sample:fail(\"no space left\")", "manual, attempt 1", "failed"})
        BOOST_TEST(contains(text, part), text);
    BOOST_TEST(contains(on.said({"jobs", "show", "fails"}), id));
    const auto none = on.foliot({"executions", "show", "nonsense"});
    BOOST_TEST(none.exit.code == cli::kImpossible);
    BOOST_TEST(none.err.starts_with("foliot: "), none.err);
    BOOST_TEST(on.foliot({"jobs", "run", "nonsense"}).exit.code == cli::kImpossible);
}

BOOST_AUTO_TEST_CASE(executions_are_filtered_and_limited) {
    job("hello", "sample:hello");
    for (int i = 0; i < 3; ++i) BOOST_TEST(on.foliot({"jobs", "run", "hello", "--follow"}).exit.code == 0);
    const auto some = on.foliot({"executions", "list", "--job", "hello", "--limit", "2"});
    BOOST_TEST(std::ranges::count(some.out, '\n') == 3, some.out);
    BOOST_TEST(contains(some.err, "--limit 0 shows all"), some.err);
    const cli::Document all(
        on.said({"executions", "list", "--job", "hello", "--since", "1h", "--limit", "0", "--json"}));
    BOOST_TEST(cli::items_at(all.value(), "executions").size() >= 3U);
    BOOST_TEST(on.foliot({"executions", "list", "--state", "nonsense"}).exit.code == cli::kImpossible);
    BOOST_TEST(on.foliot({"executions", "list", "--since", "soon"}).exit.code == cli::kUsage);
}

BOOST_AUTO_TEST_SUITE_END()
