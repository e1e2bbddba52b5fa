// Modules are deployed to a running server that nobody tells.
#include "app/fixture.hpp"
#include "support/stream_client.hpp"

#include <fstream>
#include <sstream>

namespace foliot::testing {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

struct Deployed : ServerFixture {
    const fs::path folder = dir / "own-modules", place = folder / "tasks.so";
    const std::string good = FOLIOT_FIXTURES_DIR "/tasks.so", newer = FOLIOT_FIXTURES_DIR "/newer/tasks.so";

    Deployed() {
        settings.push_back("modules.path=" + folder.string());
        settings.push_back("modules.trusted_paths=" + folder.string());
    }
    void put(const std::string& file) const {
        const auto beside = place.string() + ".new";
        fs::copy_file(file, beside);
        fs::rename(beside, place);
    }
    void begin() {
        fs::create_directory(folder);
        put(good);
        start();
    }
    std::string of_module(const std::string& member) const {
        const auto reply = server->client().get("/api/v1/modules/tasks");
        return reply.status == 200 ? text_of(json::parse(reply.body), member) : "";
    }
    bool comes_to(const std::string& status) const {
        const bool came = wait_until([&] { return of_module("status") == status; }, 30 * kSecond);
        BOOST_TEST(came, "tasks is " << of_module("status") << ", not " << status);
        return came;
    }
    void run_again(const std::string& job) const {
        BOOST_REQUIRE(server->client().post("/scheduler/jobs/" + job + "/run").status == 200);
    }
    std::string explained(const std::string& job) const {
        return server->client().get("/api/v1/jobs/" + job + "/explain").body;
    }
};

BOOST_FIXTURE_TEST_SUITE(deploy, Deployed)

BOOST_AUTO_TEST_CASE(a_folder_and_a_module_that_come_later_are_noticed_by_themselves_and_so_is_a_new_version) {
    start();
    fs::create_directory(folder);
    put(good);
    comes_to("ok");
    run("job", "tasks:ok");
    BOOST_TEST(ended("job").result == "\"done\"");
    put(newer);
    BOOST_TEST(wait_until([&] { return of_module("version") == "2.0.0"; }));
    run_again("job");
    BOOST_REQUIRE(wait_until([&] { return executions("job").size() == 2; }));
    BOOST_TEST(ended("job").result == "\"done anew\"");
}

BOOST_AUTO_TEST_CASE(a_bad_version_is_reported_its_runs_wait_and_a_good_one_lets_them_go_on_also_over_a_restart) {
    begin();
    StreamClient events(server->port(), server->token(), "/api/v1/events?kind=module");
    BOOST_TEST(events.read_until("event: hello\n"));
    run("job", "tasks:ok");
    ended("job");
    put(FOLIOT_FIXTURES_DIR "/missing_symbol.so");
    comes_to("invalid_metadata");
    BOOST_TEST(of_module("last_good_version") == "1.0.0");
    BOOST_TEST(events.read_until(R"("status": "invalid_metadata")"));
    BOOST_TEST(events.body().find("event: module\n") != std::string::npos);
    BOOST_TEST(server->log().find("module tasks cannot be used, invalid_metadata") != std::string::npos);
    run_again("job");
    const auto waits = [&] { return executions("job").front().reason == "module_unavailable"; };
    BOOST_TEST(wait_until(waits));
    BOOST_TEST(executions("job").front().state == "scheduled");
    const auto list = [&] { return server->client().get("/api/v1/modules").body; };
    BOOST_TEST(
        wait_until([&] { return list().find(R"("jobs_that_cannot_run":[{"job_id":"job")") != std::string::npos; }),
        list());
    const auto refused =
        server->client().post("/scheduler/jobs", R"({"id":"other","func":"tasks:ok","trigger":"interval","weeks":50})");
    BOOST_TEST(refused.status == 500);  // as the dialect has it
    BOOST_TEST(refused.body.find("cannot be used") != std::string::npos, refused.body);

    server->stop();
    start();
    BOOST_TEST(wait_until(waits));
    BOOST_TEST(of_module("last_good_version") == "1.0.0");
    put(newer);
    BOOST_TEST(ended("job").result == "\"done anew\"");
    BOOST_TEST(wait_until([&] { return list().find(R"("jobs_that_cannot_run":[])") != std::string::npos; }), list());
}

BOOST_AUTO_TEST_CASE(a_module_that_is_removed_and_added_fails_no_run_and_one_that_stays_away_is_listed_as_gone) {
    begin();
    run("job", "tasks:ok");
    ended("job");
    fs::remove(place);
    comes_to("gone");
    run_again("job");
    BOOST_TEST(wait_until([&] { return executions("job").front().reason == "module_unavailable"; }));
    put(good);
    BOOST_REQUIRE(executions("job").size() == 2);
    BOOST_TEST(ended("job").state == "succeeded");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_overwritten_in_place_is_named_never_loaded_half_and_used_once_it_is_whole) {
    begin();
    run("job", "tasks:ok");
    ended("job");
    const std::string whole = bytes_of(newer);
    std::ofstream(place, std::ios::binary | std::ios::trunc) << whole.substr(0, whole.size() / 2);
    BOOST_TEST(wait_until([&] {
        return server->log().find("ERROR [module-overwritten] module file " + place.string() +
                                  " was overwritten in place") != std::string::npos;
    }));
    run_again("job");
    comes_to("incomplete");
    BOOST_TEST(executions("job").front().state == "scheduled");
    std::ofstream(place, std::ios::binary | std::ios::trunc) << whole;
    comes_to("ok");
    BOOST_TEST(ended("job").result == "\"done anew\"");
}

BOOST_AUTO_TEST_CASE(with_modules_watch_off_only_a_request_finds_a_new_version) {
    settings.emplace_back("modules.watch=false");
    begin();
    put(newer);
    BOOST_TEST(of_module("version") == "1.0.0");
    BOOST_TEST(server->client().post("/api/v1/modules/rescan").status == 200);
    BOOST_TEST(of_module("version") == "2.0.0");
}

BOOST_AUTO_TEST_CASE(jobs_whose_function_is_gone_or_whose_arguments_do_not_fit_any_more_are_named) {
    begin();
    run("two", "tasks:two", R"(,"args":[1,"x"])");
    ended("two");
    run("ok", "tasks:ok");
    ended("ok");
    put(newer);
    const auto list = [&] { return server->client().get("/api/v1/modules").body; };
    BOOST_TEST(wait_until([&] { return list().find(R"("job_id":"two")") != std::string::npos; }), list());
    BOOST_TEST(list().find("has no function 'two'") != std::string::npos);
    BOOST_TEST(list().find(R"("job_id":"ok")") == std::string::npos);
    BOOST_TEST(server->log().find("1 job cannot run as they are (two)") != std::string::npos);
    run_again("two");
    BOOST_TEST(wait_until([&] { return executions("two").front().reason == "unresolved"; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
