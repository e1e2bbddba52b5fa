// SIGHUP: the configuration is read anew; a wrong one changes nothing.
#include "app/reload.hpp"

#include "app/fixture.hpp"

#include <signal.h>

#include <fstream>

namespace foliot::testing {
namespace {

BOOST_AUTO_TEST_SUITE(reload)

BOOST_AUTO_TEST_CASE(keys_that_were_added_changed_or_removed_are_told_apart_by_when_they_take_effect) {
    const auto keys = app::changed_keys(
        {{"http.port", "1"}, {"log.level", "info"}, {"limits.tag.db", "2"}, {"workers.max", "4"}},
        {{"http.port", "2"}, {"log.level", "info"}, {"module.m.config.key", "v"}, {"workers.max", "4"}});
    BOOST_TEST((keys.at_once == std::set<std::string>{"limits.tag.db", "module.m.config.key"}));
    BOOST_TEST((keys.at_restart == std::set<std::string>{"http.port"}));
    BOOST_TEST(keys.any_at_once("limits."));
    BOOST_TEST(!keys.any_at_once("modules."));
}

BOOST_AUTO_TEST_CASE(what_the_rights_of_users_hang_on_does_not_change_under_them) {
    const auto keys = app::changed_keys({}, {{"modules.privileged", ""}, {"auth.enabled", "false"}});
    BOOST_TEST(keys.at_once.empty());
    BOOST_TEST(keys.at_restart.size() == 2U);
}

struct Reloaded : ServerFixture {
    const std::filesystem::path file = dir / "foliotd.properties";

    void configure(const std::string& text) const { std::ofstream(file) << text; }
    void begin(const std::string& text) {
        configure(text);
        server = std::make_unique<ServerProcess>(ServerProcess::Options{dir.path(), settings, true, "", file});
    }
    bool says(const std::string& text) const {
        const bool said = wait_until([&] { return server->log().find(text) != std::string::npos; });
        BOOST_TEST(said, "not said: " << text << "\n" << server->log());
        return said;
    }
    void reload(const std::string& text, const std::string& said) const {
        configure(text);
        server->signal(SIGHUP);
        says(said);
    }
    /// Without the blanks that the dialect puts in.
    std::string result(const std::string& job) const {
        std::string text = ended(job).result;
        std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
        return text;
    }
    void again(const std::string& job, std::size_t runs) const {
        BOOST_REQUIRE(server->client().post("/scheduler/jobs/" + job + "/run").status == 200);
        BOOST_REQUIRE(wait_until([&] { return executions(job).size() == runs; }));
    }
};

BOOST_FIXTURE_TEST_CASE(workers_get_the_new_configuration_of_their_module_and_no_run_is_disturbed, Reloaded) {
    begin("module.run_config.config.greeting = morning\n");
    run("job", "run_config:run");
    BOOST_TEST(result("job") == R"({"greeting":"morning","times":1})");
    run("long", "tasks:slow", R"(,"kwargs":{"seconds":0.5})");
    reload("module.run_config.config.greeting = night\n",
           "configuration: module.run_config.config.greeting is changed");
    again("job", 2);
    BOOST_TEST(result("job") == R"({"greeting":"night","times":1})");
    BOOST_TEST(ended("long").state == "succeeded");
}

BOOST_FIXTURE_TEST_CASE(limits_defaults_and_the_log_level_take_effect_and_what_needs_a_restart_is_named, Reloaded) {
    begin("limits.running = 1\n");
    run("holds", "tasks:slow", R"(,"kwargs":{"seconds":60})");
    BOOST_REQUIRE(wait_until([&] { return executions("holds").front().state == "running"; }));
    run("waits", "tasks:ok");
    BOOST_TEST(executions("waits").front().state == "scheduled");
    reload("log.level = debug\ndefaults.max_retries = 7\nworkers.max_runs = 5\n",
           "configuration: workers.max_runs is changed, which takes effect when the server is started again");
    BOOST_TEST(ended("waits").state == "succeeded");
    run("new", "tasks:ok");
    BOOST_TEST(server->client().get("/api/v1/jobs/new").body.find(R"("max_retries": 7)") != std::string::npos);
    BOOST_TEST(server->client().get("/api/v1/jobs/waits").body.find(R"("max_retries": 0)") != std::string::npos);
    says("configuration: log.level is changed");
    const auto id = executions("holds").front().id;
    BOOST_TEST(server->client().send("DELETE", "/api/v1/executions/" + id).status == 200);
}

BOOST_FIXTURE_TEST_CASE(a_wrong_configuration_changes_nothing_and_is_named_and_the_command_line_still_wins, Reloaded) {
    settings.emplace_back("module.run_config.config.times=2");
    begin("module.run_config.config.greeting = hello\n");
    run("job", "run_config:run");
    ended("job");
    reload("module.run_config.config.greeting = half\nlimits.running = many\n",
           "nothing of it has changed: configuration key 'limits.running' in " + file.string() + ": found 'many'");
    again("job", 2);
    BOOST_TEST(result("job") == R"({"greeting":"hello","times":2})");
    reload("module.run_config.config.greeting = hi\nmodule.run_config.config.times = 9\n",
           "configuration: module.run_config.config.greeting is changed");
    again("job", 3);
    BOOST_TEST(result("job") == R"({"greeting":"hi","times":2})");
}

BOOST_FIXTURE_TEST_CASE(the_folder_beside_the_file_is_read_anew_and_a_file_that_is_gone_from_it_is_no_mistake,
                        Reloaded) {
    begin("module.run_config.config.greeting = hello\n");
    const auto later = std::filesystem::path(file.string() + ".d") / "50-run_config.properties";
    std::filesystem::create_directories(later.parent_path());
    std::ofstream(later) << "module.run_config.config.greeting = late\n";
    server->signal(SIGHUP);
    says("configuration: module.run_config.config.greeting is changed");
    run("job", "run_config:run");
    ended("job");
    BOOST_TEST(result("job") == R"({"greeting":"late","times":1})");
    std::filesystem::remove(later);
    std::filesystem::remove(file);
    server->signal(SIGHUP);
    says("nothing of it has changed: configuration " + file.string() + " cannot be read");
    configure("module.run_config.config.greeting = hello\nlog.level = debug\n");
    server->signal(SIGHUP);
    says("configuration: log.level is changed");
    again("job", 2);
    BOOST_TEST(result("job") == R"({"greeting":"hello","times":1})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
