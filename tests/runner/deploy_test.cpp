// Module files that become others between a run's order and its worker.
#include "pool_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>

using namespace foliot;
using namespace foliot::testing;
namespace fs = std::filesystem;

namespace {

struct Deployed : Pool {
    const fs::path place = folder / "tasks.so";
    int looks = 0;

    Deployed() : Pool(1) {
        options.module_changed = [this] { ++looks; };
        fs::copy_file(FOLIOT_FIXTURES_DIR "/tasks.so", place);
    }
    void restart() { supervisor.emplace(options, clock, ledger); }

    /// Workers put the file in place before they load it.
    void replace_at_spawn(const fs::path& file) {
        const fs::path next = folder / "next", program = folder / "program";
        fs::copy_file(file, next);
        std::ofstream(program) << "#!/bin/sh\n/bin/mv " << next.string() << " " << place.string() << "\nexec "
                               << options.worker_program.string() << " \"$@\"\n";
        ::chmod(program.c_str(), 0700);
        options.worker_program = program;
        restart();
    }
    void expect_given_back(const std::shared_ptr<module::Module>& described) {
        const RunId run = submit(order(described, kOk));
        BOOST_TEST(turn_until([&] { return std::count(given_back.begin(), given_back.end(), run) > 0; }));
        BOOST_TEST(finished.empty());
        BOOST_TEST(looks > 0);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(deploying, Deployed)

BOOST_AUTO_TEST_CASE(a_run_is_given_back_when_its_worker_loaded_a_newer_version_than_was_ordered) {
    replace_at_spawn(FOLIOT_FIXTURES_DIR "/newer/tasks.so");
    expect_given_back(module_at(place));
}

BOOST_AUTO_TEST_CASE(a_run_is_not_blamed_for_a_bad_file_that_came_while_its_worker_started) {
    replace_at_spawn(FOLIOT_FIXTURES_DIR "/ctor_crash.so");
    expect_given_back(module_at(place));
}

BOOST_AUTO_TEST_CASE(a_worker_with_another_build_than_the_one_described_gets_no_run) {
    restart();
    const auto described = module_at(place);
    described->build_id = "0123456789abcdef0123456789abcdef01234567";
    described->identity += described->build_id;
    expect_given_back(described);
}

BOOST_AUTO_TEST_CASE(a_crash_of_a_worker_whose_file_was_overwritten_in_place_says_so) {
    restart();
    const RunId innocent = submit(order(module_at(place), kOk));
    BOOST_TEST(reason_of(innocent) == "");
    const RunId run = submit(order(module_at(place), kSlow, R"({"seconds":60})"));
    BOOST_REQUIRE(turn_until_started(run));
    std::ofstream(place, std::ios::binary | std::ios::app) << "more";
    ::kill(supervisor->pids().at(0), SIGSEGV);
    BOOST_TEST(reason_of(run) == "crashed:SIGSEGV");
    const std::string error = finished.at(run).verdict.error;
    BOOST_TEST(error.find("its module file was overwritten in place") != std::string::npos, error);
}

BOOST_AUTO_TEST_CASE(a_crash_of_a_worker_whose_file_was_replaced_by_renaming_does_not) {
    restart();
    const RunId run = submit(order(module_at(place), kSlow, R"({"seconds":60})"));
    BOOST_REQUIRE(turn_until_started(run));
    fs::copy_file(FOLIOT_FIXTURES_DIR "/newer/tasks.so", folder / "next");
    fs::rename(folder / "next", place);
    ::kill(supervisor->pids().at(0), SIGSEGV);
    BOOST_TEST(reason_of(run) == "crashed:SIGSEGV");
    BOOST_TEST(finished.at(run).verdict.error.find("overwritten") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(workers_are_replaced_on_request_after_what_they_run) {
    restart();
    const auto tasks = module_at(place);
    const RunId first = submit(order(tasks, kSlow, R"({"seconds":0.3})"));
    BOOST_REQUIRE(turn_until_started(first));
    supervisor->replace_workers({"tasks"});
    const pid_t old = result_of(first).pid;
    BOOST_TEST(reason_of(first) == "");
    const RunId second = submit(order(tasks, kOk));
    BOOST_TEST(reason_of(second) == "");
    BOOST_TEST(finished.at(second).pid != old);
    supervisor->replace_workers({"others"});
    const RunId third = submit(order(tasks, kOk));
    BOOST_TEST(reason_of(third) == "");
    BOOST_TEST(finished.at(third).pid == finished.at(second).pid);
}

BOOST_AUTO_TEST_SUITE_END()
