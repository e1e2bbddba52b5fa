#include "cli/document.hpp"
#include "cli/served.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// As it is told for machines: does a finding of this kind have these parts?
bool finds(const std::string& json, const std::string& kind, const std::string& about, const std::string& part) {
    const cli::Document document(json);
    for (const json::Value& one : cli::items_at(document.value(), "findings")) {
        const bool fits = cli::text_at(one, "kind") == kind && cli::text_at(one, "about") == about;
        if (fits && contains(cli::text_at(one, "text") + cli::text_at(one, "advice"), part)) return true;
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(doctors)

BOOST_AUTO_TEST_CASE(nothing_is_wrong_with_a_healthy_server) {
    const auto report = shared_server().foliot({"doctor"});
    BOOST_TEST(report.exit.code == cli::kOk, report.out);
    BOOST_TEST(contains(report.out, "ok      scheduler: running\n"), report.out);
    BOOST_TEST(report.out.ends_with("Nothing is wrong.\n"), report.out);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_gone_or_a_wrong_token_is_a_finding) {
    TempDir empty;
    const auto gone = cli::run_child(foliot_program(), {"doctor", "--data-dir", (empty / "x").string()}, kPatience);
    BOOST_TEST(gone.exit.code == cli::kFailed);
    BOOST_TEST(contains(gone.out, "WRONG   server: no server of this machine is to be found"), gone.out);
    const auto wrong = cli::run_child(foliot_program(), {"doctor", "--url", shared_server().url()}, kPatience,
                                      {{"FOLIOT_TOKEN=wrong"}, -1});
    BOOST_TEST(wrong.exit.code == cli::kFailed);
    BOOST_TEST(contains(wrong.out, "WRONG   you: "), wrong.out);
    BOOST_TEST(contains(wrong.out, "the token is that of FOLIOT_TOKEN"), wrong.out);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_no_servers_is_left_alone) {
    if (::geteuid() != 0) return;  // others are told nothing of folders
    TempDir folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
    const auto report = cli::run_child(foliot_program(), {"doctor", "--data-dir", folder.path().string()}, kPatience);
    BOOST_TEST(!contains(report.out, "chmod"), report.out);
    BOOST_TEST(contains(report.out, " is not the data folder of a server"), report.out);
}

BOOST_AUTO_TEST_CASE(a_scheduler_that_starts_nothing_is_found_with_what_to_do) {
    Served& on = shared_server();
    BOOST_TEST(on.said({"scheduler", "pause"}) == "the scheduler is paused\n");
    auto report = on.foliot({"doctor", "--json"});
    BOOST_TEST(report.exit.code == cli::kFailed);
    BOOST_TEST(finds(report.out, "wrong", "scheduler", "paused"), report.out);
    BOOST_TEST(contains(on.said({"status"}), "paused"));
    BOOST_TEST(contains(report.out, "foliot scheduler resume"), report.out);
    BOOST_TEST(on.said({"scheduler", "resume"}) == "the scheduler is running\n");
    BOOST_TEST(on.foliot({"scheduler", "start"}).err == "foliot: Scheduler is already running\n");
    BOOST_TEST(on.said({"scheduler", "drain"}).starts_with("the scheduler is draining: "));
    report = on.foliot({"doctor", "--json"});
    BOOST_TEST(finds(report.out, "wrong", "scheduler", "draining"), report.out);
    on.said({"scheduler", "undrain"});
    BOOST_TEST(on.foliot({"doctor"}).exit.code == cli::kOk);
}

BOOST_AUTO_TEST_CASE(paused_jobs_are_a_note_and_wrong_only_when_they_are_all) {
    Served& on = shared_server();
    on.said({"jobs", "add", "one", "sample:hello", "--every", "1d", "--paused"});
    BOOST_TEST(finds(on.foliot({"doctor", "--json"}).out, "wrong", "jobs", "all are paused: one"));
    on.said({"jobs", "add", "two", "sample:hello", "--every", "1d"});
    const auto report = on.foliot({"doctor", "--json"});
    BOOST_TEST(report.exit.code == cli::kOk, report.out);
    BOOST_TEST(finds(report.out, "note", "jobs", "1 paused: one"), report.out);
    BOOST_TEST(finds(report.out, "ok", "next", "two at "), report.out);
    for (const char* id : {"one", "two"}) on.said({"jobs", "remove", id});
}

BOOST_AUTO_TEST_CASE(modules_that_cannot_be_used_are_found) {
    const Served on({});  // with all the fixtures
    const auto report = on.foliot({"doctor", "--json"});
    BOOST_TEST(report.exit.code == cli::kFailed);
    BOOST_TEST(finds(report.out, "wrong", "module missing_symbol", "load_error"), report.out);
    BOOST_TEST(contains(on.said({"modules"}), "missing_symbol"));
}

BOOST_AUTO_TEST_CASE(a_function_that_crashed_too_often_is_found_and_resumed) {
    TempDir modules;
    const std::string func = "run_aborts_if_told:run";
    std::filesystem::copy_file(FOLIOT_FIXTURES_DIR "/run_aborts_if_told.so", modules / "run_aborts_if_told.so");
    const Served on({"modules.path=" + modules.path().string(), "modules.trusted_paths=" + modules.path().string(),
                     "workers.breaker=1"});
    std::ofstream(modules / "told") << "now";
    on.said({"jobs", "add", "crashes", func, "--args", "[\"" + (modules / "told").string() + "\"]", "--at",
             "2099-01-01T00:00:00Z"});
    BOOST_TEST(on.foliot({"jobs", "run", "crashes", "--follow"}).exit.code == cli::kFailed);
    std::string said;
    BOOST_TEST(wait_until([&] {
                   return finds(said = on.foliot({"doctor", "--json"}).out, "wrong", "function " + func,
                                "foliot functions resume " + func);
               }),
               said);
    BOOST_TEST(contains(on.said({"modules"}), "run crashed too often and is not run"));
    std::filesystem::remove(modules / "told");
    BOOST_TEST(contains(on.foliot({"jobs", "run", "crashes", "--follow"}).err, "foliot functions resume " + func));
    BOOST_TEST(contains(on.foliot({"functions", "resume", "run_aborts_if_told:rum"}).err, "it has: run, other"));
    BOOST_TEST(on.said({"functions", "resume", func}) == func + " is not held back any more\n");
    on.said({"jobs", "run", "crashes", "--follow"});
    BOOST_TEST(on.said({"functions", "resume", func, "--json"}) == "{\"func\":\"" + func + "\"}\n");
}

BOOST_AUTO_TEST_CASE(a_full_queue_is_found_with_what_holds_it_up) {
    const Served on({"modules.path=" FOLIOT_MODULES_DIR, "workers.max=1"});
    on.said({"jobs", "add", "slow", "sample:slow", "--args", "[600]", "--at", "2099-01-01T00:00:00Z"});
    on.said({"jobs", "add", "waits", "sample:hello", "--at", "2099-01-01T00:00:00Z"});
    on.said({"jobs", "run", "slow"});
    BOOST_TEST(wait_until([&] { return contains(on.said({"executions", "list"}), "running"); }));
    on.said({"jobs", "run", "waits"});
    std::string said;
    BOOST_TEST(wait_until([&] {
                   return finds(said = on.foliot({"doctor", "--json"}).out, "wrong", "workers", "all 1 are busy");
               }),
               said);
    BOOST_TEST(finds(said, "wrong", "workers", "foliot executions list --state running"), said);
    BOOST_TEST(contains(on.said({"status"}), "1 running, 1 waiting; at most 1 workers"));
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_for_another_of_its_job_is_a_note) {
    Served& on = shared_server();
    on.said({"jobs", "add", "slow", "sample:slow", "--args", "[600]", "--at", "2099-01-01T00:00:00Z"});
    const std::string first = on.said({"jobs", "run", "slow"}), second = on.said({"jobs", "run", "slow"});
    cli::ChildReport report;
    BOOST_TEST(wait_until([&] {
                   report = on.foliot({"doctor", "--json"});
                   return finds(report.out, "note", "runs", "It waits for a run of this job to end");
               }),
               report.out);
    BOOST_TEST(report.exit.code == cli::kOk);
    for (const std::string& id : {second, first}) on.said({"executions", "stop", id.substr(0, 32)});
    on.said({"jobs", "remove", "slow"});
}

BOOST_AUTO_TEST_CASE(what_a_run_waits_for_itself_is_told_though_all_workers_are_busy) {
    TempDir modules;
    for (const char* name : {"sample.so", "shell.so"})
        std::filesystem::copy_file(std::filesystem::path(FOLIOT_MODULES_DIR) / name, modules / name);
    const Served on({"modules.path=" + modules.path().string(), "workers.max=1"});
    on.said({"jobs", "add", "busy", "shell:run", "--args", R"(["sleep", "600"])", "--at", "2099-01-01T00:00:00Z"});
    on.said({"jobs", "add", "waits", "sample:hello", "--at", "2099-01-01T00:00:00Z"});
    on.said({"jobs", "run", "busy"});
    BOOST_TEST(wait_until([&] { return contains(on.said({"executions", "list"}), "running"); }));
    std::filesystem::remove(modules / "sample.so");
    BOOST_TEST(on.server.client().post("/api/v1/modules/rescan").status / 100 == 2);
    on.said({"jobs", "run", "waits"});
    std::string said;
    BOOST_TEST(wait_until([&] {
                   return finds(said = on.foliot({"doctor", "--json"}).out, "wrong", "runs",
                                "its module sample cannot be used now");
               }),
               said);
    BOOST_TEST(!finds(said, "wrong", "workers", ""), said);
    const auto local = on.foliot({"doctor"}, {"TZ=Asia/Tokyo"});
    BOOST_TEST(contains(local.out, "Missed since "), local.out);
    BOOST_TEST(!contains(local.out, "+00:00"), local.out);
    BOOST_TEST(!contains(on.foliot({"modules"}, {"TZ=Asia/Tokyo"}).out, "+00:00"));
}

BOOST_AUTO_TEST_CASE(a_scheduler_that_may_not_start_here_is_not_said_to_be_started) {
    const Served on({"modules.path=" FOLIOT_MODULES_DIR, "scheduler.allowed_hosts=elsewhere"});
    const auto report = on.foliot({"scheduler", "start"});
    BOOST_TEST(report.exit.code == cli::kImpossible);
    BOOST_TEST(contains(report.err, "the scheduler stays stopped: scheduler.allowed_hosts does not name this host"),
               report.err);
    BOOST_TEST(report.out == "");
}

BOOST_AUTO_TEST_SUITE_END()
