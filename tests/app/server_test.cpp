// The server as its operator meets it: first start, signals, restarts, refusals.
#include "app/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>

namespace foliot::testing {
namespace {

BOOST_FIXTURE_TEST_SUITE(server_process, ServerFixture)

BOOST_AUTO_TEST_CASE(the_first_start_makes_an_admin_token_that_only_the_owner_can_read) {
    start();
    struct stat info {};
    BOOST_REQUIRE_EQUAL(::stat((dir / "admin.token").c_str(), &info), 0);
    BOOST_TEST((info.st_mode & 0777U) == 0600U);
    const auto token = server->token();
    BOOST_TEST(token.size() >= 32U);
    BOOST_TEST(server->log().find(token) == std::string::npos, "the token is in the log");

    BOOST_TEST(HttpClient(server->port(), "").get("/scheduler").status == 401);
    BOOST_TEST(HttpClient(server->port(), "wrong").get("/scheduler").status == 401);
    BOOST_TEST(HttpClient(server->port(), token).get("/scheduler").status == 200);
    HttpClient bearer(server->port(), "");
    BOOST_TEST(bearer.send("GET", "/scheduler", "", {{"Authorization", "Bearer " + token}}).status == 200);
    BOOST_TEST(HttpClient(server->port(), "").get("/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(a_restart_keeps_token_jobs_and_history) {
    start();
    const auto token = server->token();
    run("job", "sample:hello", R"(,"kwargs":{"name":"you"})");
    const auto before = ended("job");
    BOOST_TEST(server->stop().code == 0);
    start();
    BOOST_TEST(server->token() == token);
    BOOST_TEST(server->client().get("/scheduler/jobs/job").status == 200);
    BOOST_TEST(ended("job").id == before.id);
}

BOOST_AUTO_TEST_CASE(sigterm_ends_the_server_with_status_0_even_while_a_job_will_not_end) {
    settings.emplace_back("shutdown.grace=1");
    start();
    run("spin", "run_spin:run");
    BOOST_REQUIRE(wait_until([&] { return executions("spin").front().state == "running"; }));
    const auto status = server->stop();
    BOOST_TEST(status.code == 0);
    BOOST_TEST(status.signal == 0);
    start();
    const auto runs = executions("spin");
    BOOST_TEST(runs.back().reason == "interrupted");
}

BOOST_AUTO_TEST_CASE(sighup_finds_a_module_that_was_installed_meanwhile) {
    const auto folder = dir / "late-modules";
    std::filesystem::create_directory(folder);
    settings.push_back("modules.path=" + folder.string());
    settings.push_back("modules.trusted_paths=" + folder.string());
    start();
    const std::string body = R"({"id":"j","func":"sample:hello","trigger":"interval","weeks":1})";
    BOOST_TEST(server->client().post("/scheduler/jobs", body).status == 500);
    std::filesystem::copy_file(FOLIOT_MODULES_DIR "/sample.so", folder / "sample.so.new");
    std::filesystem::rename(folder / "sample.so.new", folder / "sample.so");
    server->signal(SIGHUP);
    BOOST_TEST(wait_until([&] { return server->client().post("/scheduler/jobs", body).status == 200; }));
}

BOOST_AUTO_TEST_CASE(sigterm_does_not_wait_for_a_module_that_hangs_while_it_is_looked_at) {
    const auto folder = dir / "late-modules";
    std::filesystem::create_directory(folder);
    settings.push_back("modules.path=" + folder.string());
    settings.push_back("modules.trusted_paths=" + folder.string());
    start();
    std::filesystem::copy_file(FOLIOT_FIXTURES_DIR "/hanging/ctor_hang.so", folder / "ctor_hang.so");
    server->signal(SIGHUP);
    BOOST_REQUIRE(wait_until([&] { return server->log().find("looking for modules") != std::string::npos; }));
    const SystemClock clock;
    const Micros begin = clock.monotonic();
    BOOST_TEST(server->stop().code == 0);
    BOOST_TEST(clock.monotonic() - begin < 5 * kSecond);  // a look may take 10 s
}

BOOST_AUTO_TEST_CASE(the_address_of_a_killed_server_is_gone_once_another_has_its_data) {
    start();
    const auto file = dir / "run/http.address";
    server->kill_hard();
    BOOST_REQUIRE(std::filesystem::exists(file));
    const TempDir other;
    ServerProcess holder({other.path(), {}});
    ServerProcess next({dir.path(), {"http.port=" + std::to_string(holder.port())}, false});
    BOOST_TEST(next.wait_for_exit(30 * kSecond).has_value());
    BOOST_TEST(!std::filesystem::exists(file));
}

BOOST_AUTO_TEST_CASE(the_address_of_an_ipv6_server_is_one_that_a_client_can_use) {
    settings.push_back("http.address=::1");
    start();
    BOOST_TEST(read_file((dir / "run/http.address").string()) == "[::1]:" + std::to_string(server->port()) + "\n");
}

BOOST_AUTO_TEST_CASE(a_second_server_on_the_same_database_or_folder_is_refused_and_harms_nothing) {
    start();
    run("slow", "sample:slow", R"(,"kwargs":{"seconds":600})");
    BOOST_REQUIRE(wait_until([&] { return executions("slow").front().state == "running"; }));
    const auto token = server->token();
    const TempDir other;
    std::filesystem::create_symlink(dir / "foliot.db", other / "link.db");
    const auto elsewhere = "store.url=sqlite:" + (other / "new.db").string();
    const auto linked = "store.url=sqlite:" + (other / "link.db").string();
    const ServerProcess::Options others[] = {
        {dir.path(), {}, false}, {dir.path(), {elsewhere}, false}, {other.path(), {linked}, false}};
    for (const auto& options : others) {
        ServerProcess second(options);
        const auto status = second.wait_for_exit(30 * kSecond);
        BOOST_REQUIRE(status.has_value());
        BOOST_TEST(status->code != 0);
        BOOST_TEST(second.log().find("another server") != std::string::npos, second.log());
    }
    BOOST_TEST(server->token() == token);
    BOOST_TEST(executions("slow").size() == 1U);
    BOOST_TEST(executions("slow").front().state == "running");
}

BOOST_AUTO_TEST_CASE(a_server_run_by_root_is_refused_the_data_of_another_user_and_leaves_no_files_there) {
    if (::geteuid() != 0) {
        BOOST_TEST_MESSAGE("skipped: only root can give a file away");
        return;
    }
    const auto give_to = [&](uid_t user) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(dir.path()))
            BOOST_REQUIRE(::lchown(entry.path().c_str(), user, ::getegid()) == 0);
    };
    start();
    server->stop();
    constexpr uid_t kDaemon = 1;
    give_to(kDaemon);
    ServerProcess refused({dir.path(), {}, false});
    const auto status = refused.wait_for_exit(30 * kSecond);
    BOOST_REQUIRE(status.has_value());
    BOOST_TEST(status->code == 1);
    BOOST_TEST(refused.log().find("belongs to the user daemon: run this as that one") != std::string::npos,
               refused.log());
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir.path())) {
        struct stat file {};
        BOOST_REQUIRE(::lstat(entry.path().c_str(), &file) == 0);
        BOOST_TEST(file.st_uid == kDaemon, entry.path());
    }
    give_to(::geteuid());
    start();
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_an_error_that_names_it) {
    start();
    const TempDir other;
    ServerProcess second({other.path(), {"http.port=" + std::to_string(server->port())}, false});
    const auto status = second.wait_for_exit(30 * kSecond);
    BOOST_REQUIRE(status.has_value());
    BOOST_TEST(status->code != 0);
    BOOST_TEST(second.log().find(std::to_string(server->port())) != std::string::npos, second.log());
}

BOOST_AUTO_TEST_CASE(configuration_mistakes_are_refused_by_name) {
    for (const auto& [setting, named] :
         std::vector<std::pair<std::string, std::string>>{{"http.prot=1", "http.prot"},
                                                          {"http.port=many", "http.port"},
                                                          {"auth.enabled=perhaps", "auth.enabled"},
                                                          {"store.url=mysql:x", "store.url"},
                                                          {"scheduler.timezone=Mars", "scheduler.timezone"}}) {
        ServerProcess refused({dir.path(), {setting}, false});
        const auto status = refused.wait_for_exit(30 * kSecond);
        BOOST_REQUIRE(status.has_value());
        BOOST_TEST(status->code == 2);
        BOOST_TEST(refused.log().find(named) != std::string::npos, refused.log());
    }
}

BOOST_AUTO_TEST_CASE(a_shell_job_gets_its_arguments_environment_and_identity) {
    start();
    run("sh", "shell:run",
        R"(,"args":["/bin/sh","-c","echo $GREETING $1 $FOLIOT_JOB_ID $FOLIOT_ATTEMPT; echo $FOLIOT_EXECUTION_ID; exit 3","sh","a b"],"kwargs":{"env":{"GREETING":"hi"}})");
    const auto execution = ended("sh");
    BOOST_TEST(execution.state == "failed");
    const auto printed = output(execution);
    BOOST_TEST(printed.find("hi a b sh 1") != std::string::npos, printed);
    BOOST_TEST(printed.find(execution.id) != std::string::npos, printed);
    const auto reply = server->client().get("/api/v1/executions/" + execution.id);
    BOOST_TEST(reply.body.find("returncode") != std::string::npos, reply.body);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
