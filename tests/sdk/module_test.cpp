// Modules as a host meets them: note, symbols, descriptor, and jobs called through the C boundary.
#include "sdk/shared_object.hpp"
#include "support/temp_dir.hpp"

#include <foliot/testing.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>

using foliot::testing::Data;
using foliot::testing::exports;
using foliot::testing::fixture;
using foliot::testing::Host;
using foliot::testing::plugin;
using foliot::testing::read_note;
using foliot::testing::SharedObject;

BOOST_AUTO_TEST_SUITE(modules)

BOOST_AUTO_TEST_CASE(a_module_exports_its_entry_alone) {
    for (const auto& path : {plugin("sample"), plugin("shell"), plugin("http"), fixture("tasks"),
                             fixture("golden_jobs.jobs"), fixture("run_two_results")}) {
        BOOST_TEST(exports(path) == "foliot_module_v1\n");
    }
}

BOOST_AUTO_TEST_CASE(a_file_says_who_it_is_without_being_run) {
    struct Row {
        const char* file;
        int major, minor;
        const char* name;
    };
    const Row table[] = {
        {"tasks", 1, 0, "tasks"},
        {"golden_jobs.jobs", 1, 0, "golden_jobs.jobs"},
        {"ctor_crash", 1, 0, "ctor_crash"},
        {"wrong_major", 2, 0, "wrong_major"},
        {"needs_newer_minor", 1, 99, "needs_newer_minor"},
        {"name_mismatch", 1, 0, "another_name"},
    };
    for (const Row& row : table) {
        const auto note = read_note(fixture(row.file));
        BOOST_REQUIRE(note);
        BOOST_TEST(note->major == row.major);
        BOOST_TEST(note->minor == row.minor);
        BOOST_TEST(note->name == row.name);
        BOOST_TEST(note->version == "1.0.0");
    }
    BOOST_TEST(!read_note(fixture("no_note")));
}

BOOST_AUTO_TEST_CASE(note_and_descriptor_agree) {
    for (const auto& path :
         {plugin("sample"), plugin("shell"), plugin("http"), fixture("tasks"), fixture("golden_jobs.jobs")}) {
        const SharedObject object(path);
        const auto note = read_note(path);
        BOOST_REQUIRE(note);
        BOOST_TEST(object.module().name == note->name);
        BOOST_TEST(object.module().version == note->version);
        BOOST_TEST(path.stem().string() == note->name);
        BOOST_TEST(&object.module() == &object.module());
    }
}

BOOST_AUTO_TEST_CASE(functions_stand_in_the_order_of_registration) {
    const SharedObject tasks(fixture("tasks"));
    std::string names;
    for (std::size_t i = 0; i < tasks.module().job_count; ++i) names += std::string(tasks.module().jobs[i]->name) + ' ';
    BOOST_TEST(names == "ok noop fail slow two view any ");
}

BOOST_AUTO_TEST_CASE(descriptions_hold_what_the_author_set_and_no_more) {
    const SharedObject tasks(fixture("tasks"));
    BOOST_TEST(tasks.job("noop").meta_json == std::string(R"({"title":"","help":"","params":[]})"));
    BOOST_TEST(
        tasks.job("fail").meta_json ==
        std::string(R"({"title":"","help":"","params":[],"max_retries":2,"first_delay_us":50000,"backoff":2.0})"));
    BOOST_TEST(
        tasks.job("two").meta_json ==
        std::string(
            R"({"title":"","help":"","params":[{"name":"a","type":"integer","help":"","required":true,"minimum":0,)"
            R"("maximum":100},{"name":"b","type":"string","help":"any text","required":true}]})"));
    const std::string shell = SharedObject(plugin("shell")).job("run").meta_json;
    BOOST_TEST(shell.find(R"("pass_through":true,"params":[])") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(limits_are_described_of_the_module_and_of_each_function) {
    const SharedObject greedy(fixture("run_is_greedy"));
    BOOST_TEST(greedy.module().meta_json == std::string(R"({"limits":{"nice":1}})"));
    const auto ends_with = [&](const char* job, std::string_view limits) {
        return std::string_view(greedy.job(job).meta_json).ends_with(limits);
    };
    BOOST_TEST(ends_with("cpu", R"("limits":{"cpu_us":3000000}})"));
    BOOST_TEST(ends_with("memory", R"("limits":{"memory":67108864,"nice":2}})"));
    BOOST_TEST(ends_with("process", R"("params":[]})"));
}

BOOST_AUTO_TEST_CASE(jobs_run_through_the_boundary) {
    const SharedObject tasks(fixture("tasks"));
    BOOST_TEST(Host().call(tasks.job("ok")).result == "\"done\"");
    BOOST_TEST(Host().call(tasks.job("noop")).results == 0);
    BOOST_TEST(Host().call(tasks.job("fail")).error_text == "failed on purpose");
    BOOST_TEST(Host().call(tasks.job("two"), {3}, {{"b", "x"}}).result == R"({"a":3,"b":"x"})");
    BOOST_TEST(Host().call(tasks.job("two"), {3}).error_code == "bad_arguments");
    BOOST_TEST(Host().cancel().call(tasks.job("slow")).outcome == FOLIOT_CANCELLED);
}

BOOST_AUTO_TEST_CASE(a_configuration_reaches_the_module_once_checked) {
    const SharedObject object(fixture("run_config"));
    const foliot_module& module = object.module();
    BOOST_TEST(std::string(module.meta_json).starts_with(R"({"config":[{"name":"greeting")"));
    BOOST_TEST(Host().configure(module, {{"times", 3}}).outcome == FOLIOT_OK);
    BOOST_TEST(Host().call(object.job("run")).result == R"({"greeting":"hello","times":3})");
    BOOST_TEST(Host().configure(module, {{"times", 10}}).error_text == "argument 'times' (10) is greater than 9");
    BOOST_TEST(Host().configure(module, {{"tmies", 1}}).error_text == "unknown argument 'tmies'");
    BOOST_TEST(Host().configure(module, {{"refuse", true}}).error_text == "refused as configured");
    BOOST_TEST(Host().call(object.job("run")).result == R"({"greeting":"hello","times":3})");
}

BOOST_AUTO_TEST_CASE(the_recorded_jobs_give_the_recorded_results) {
    const SharedObject jobs(fixture("golden_jobs.jobs"));
    BOOST_TEST(Host().call(jobs.job("OkJob"), {"a", Data::Map{{"k", 1}}}).result ==
               R"({"b":1,"a":[1,{"z":null}],"args":["a",{"k":1}],"kwargs":{}})");
    BOOST_TEST(Host().call(jobs.job("NoneJob")).results == 0);
    BOOST_TEST(Host().call(jobs.job("FailJob")).error_text == "boom from FailJob");
    BOOST_TEST(Host().call(jobs.job("SlowJob"), {0}).result == "\"slept 0\"");
    BOOST_TEST(Host().call(jobs.job("DescJob")).result == "[1,\"\u00e9\"]");
    BOOST_TEST(Host().call(jobs.job("DescJob"), {true}).error_text == "custom failed result");
}

BOOST_AUTO_TEST_CASE(append_writes_a_line_a_run) {
    const foliot::testing::TempDir folder;
    const SharedObject bench(fixture("bench"));
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(Host().call(bench.job("append"), {(folder / "log").string()}).error_text == "");
    std::ifstream file(folder / "log");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    BOOST_TEST(text == "0192f0c1e2d37a4b8c5d6e7f80912a3b\n0192f0c1e2d37a4b8c5d6e7f80912a3b\n");
    BOOST_TEST(Host().call(bench.job("append"), {(folder / "no" / "log").string()}).outcome == FOLIOT_FAILED);
}

BOOST_AUTO_TEST_CASE(retrying_ends_as_it_is_told) {
    const SharedObject object(fixture("retrying"));
    const foliot_job& run = object.job("run");
    BOOST_TEST(Host().call(run).outcome == FOLIOT_RETRY_AFTER);
    BOOST_TEST(Host().call(run).delay.count() == 50'000);
    BOOST_TEST(Host().call(run, {"snooze", 7}).outcome == FOLIOT_SNOOZED);
    BOOST_TEST(Host().call(run, {"permanent"}).outcome == FOLIOT_FAILED_FOR_GOOD);
    BOOST_TEST(Host().attempt(3).call(run).result == "\"attempt 3\"");
}

BOOST_AUTO_TEST_CASE(the_misbehaving_modules_misbehave) {
    const SharedObject throws(fixture("run_throws_int"));
    BOOST_CHECK_THROW(Host().call(throws.job("run")), int);
    BOOST_TEST(Host().call(SharedObject(fixture("run_two_results")).job("run")).results == 2);
    BOOST_TEST(Host().call(SharedObject(fixture("run_big_result")).job("run")).result.size() == (8U << 20U) + 2);
    BOOST_TEST(SharedObject(fixture("entry_null")).entry()(0) == nullptr);
    BOOST_CHECK_THROW(SharedObject(fixture("entry_throws")).entry()(0), int);
    BOOST_CHECK_EXCEPTION(SharedObject(fixture("missing_symbol")), std::runtime_error, [](const std::exception& e) {
        return std::string(e.what()).find("foliot_no_such_function") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
