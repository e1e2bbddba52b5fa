#include "app/config.hpp"

#include "api/http/hosts.hpp"
#include "app/command_line.hpp"
#include "app/fixture.hpp"
#include "app/services.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

namespace foliot::testing {
namespace {

app::Config with(Settings settings) {
    settings.emplace("data_dir", "/nowhere");
    return app::make_config(settings);
}

std::string refusal(const Settings& settings) {
    try {
        with(settings);
        return "";
    } catch (const std::runtime_error& e) {
        return e.what();
    }
}

BOOST_AUTO_TEST_SUITE(configuration)

BOOST_AUTO_TEST_CASE(defaults_serve_loopback_with_authentication_and_keep_everything_in_the_data_folder) {
    const auto config = with({});
    BOOST_TEST(config.http.address == "127.0.0.1");
    BOOST_TEST(config.http.port == 8888);
    BOOST_TEST(config.auth_enabled);
    BOOST_TEST(config.database == "/nowhere/foliot.db");
    BOOST_TEST(config.apscheduler_prefix == "/scheduler");
    BOOST_TEST(config.privileged_modules.contains("shell"));
    BOOST_TEST((config.defaults.misfire_grace == 3600 * kSecond));
    BOOST_TEST(config.history.max_age == 30LL * 86'400 * kSecond);
    BOOST_TEST(config.history.max_rows == 0);
    BOOST_TEST(with({{"history.max_age", "0"}}).history.max_age == 0);
}

BOOST_AUTO_TEST_CASE(a_session_lasts_a_day_or_as_long_as_is_said) {
    BOOST_TEST(with({}).session_age == 86'400 * kSecond);
    BOOST_TEST(with({}).secrets_key == with({}).data_dir / "secrets.key");
    BOOST_TEST(with({{"secrets.key_file", "/etc/foliot/key"}}).secrets_key == "/etc/foliot/key");
    BOOST_TEST(with({{"http.session_age", "60"}}).session_age == 60 * kSecond);
    for (const char* bad : {"0", "-1", "1d", "", "99999999999"})
        BOOST_TEST(refusal({{"http.session_age", bad}}).find("'http.session_age'") != std::string::npos, bad);
}

BOOST_AUTO_TEST_CASE(schedules_are_read_without_a_login_unless_it_is_said) {
    BOOST_TEST(with({}).kragle_anonymous_reads);
    BOOST_TEST(!with({{"api.kragle.anonymous_reads", "false"}}).kragle_anonymous_reads);
    BOOST_TEST(refusal({{"api.kragle.anonymous_reads", "no"}}).find("'api.kragle.anonymous_reads'") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_rule_of_a_job_has_a_default_that_can_be_set) {
    const auto usual = with({}).defaults;
    BOOST_TEST(usual.coalesce);
    BOOST_TEST((usual.misfire == MisfirePolicy::once));
    BOOST_TEST(usual.max_instances == 1);
    BOOST_TEST((usual.overlap == Overlap::skip));
    BOOST_TEST(usual.max_queued == 10);
    BOOST_TEST((usual.retry == RetryPolicy{0, 10 * kSecond, 2.0, 3600 * kSecond}));
    BOOST_TEST(usual.priority == 5);
    BOOST_TEST((usual.isolation == Isolation::warm));
    const auto set = with({{"defaults.misfire_policy", "skip"},
                           {"defaults.coalesce", "false"},
                           {"defaults.max_instances", "3"},
                           {"defaults.overlap", "queue"},
                           {"defaults.max_queued", "4"},
                           {"defaults.max_retries", "2"},
                           {"defaults.retry_delay", "7"},
                           {"defaults.retry_backoff", "1.5"},
                           {"defaults.retry_max_delay", "60"},
                           {"defaults.priority", "9"},
                           {"defaults.isolation", "fresh"}})
                         .defaults;
    BOOST_TEST(!set.coalesce);
    BOOST_TEST((set.misfire == MisfirePolicy::skip));
    BOOST_TEST(set.max_instances == 3);
    BOOST_TEST((set.overlap == Overlap::queue));
    BOOST_TEST(set.max_queued == 4);
    BOOST_TEST((set.retry == RetryPolicy{2, 7 * kSecond, 1.5, 60 * kSecond}));
    BOOST_TEST(set.priority == 9);
    BOOST_TEST((set.isolation == Isolation::fresh));
}

BOOST_AUTO_TEST_CASE(the_default_misfire_policy_wins_over_coalesce) {
    BOOST_TEST((with({{"defaults.coalesce", "false"}}).defaults.misfire == MisfirePolicy::all));
    const auto once = with({{"defaults.coalesce", "false"}, {"defaults.misfire_policy", "once"}}).defaults;
    BOOST_TEST(once.coalesce);
    BOOST_TEST((once.misfire == MisfirePolicy::once));
    BOOST_TEST(!with({{"defaults.misfire_policy", "all"}}).defaults.coalesce);
}

BOOST_AUTO_TEST_CASE(limits_of_all_jobs_are_none_unless_they_are_set) {
    BOOST_TEST((with({}).defaults.limits == ResourceLimits{.output = 256 << 10}));
    const auto set = with({{"defaults.memory", "67108864"},
                           {"defaults.cpu", "60"},
                           {"defaults.open_files", "100"},
                           {"defaults.file_size", "1048576"},
                           {"defaults.nice", "5"},
                           {"workers.max_output", "8192"}})
                         .defaults.limits;
    const ResourceLimits wanted{
        .memory = 64 << 20, .cpu = 60 * kSecond, .open_files = 100, .file_size = 1 << 20, .output = 8192, .nice = 5};
    BOOST_TEST((set == wanted));
    BOOST_TEST((with({{"defaults.memory", "0"}, {"defaults.nice", "0"}}).defaults.limits ==
                ResourceLimits{.output = 256 << 10}));
}

BOOST_AUTO_TEST_CASE(a_default_out_of_its_range_is_refused_by_name) {
    for (const auto& [key, value] : Settings{{"defaults.coalesce", "yes"},
                                             {"defaults.misfire_policy", "never"},
                                             {"defaults.max_instances", "0"},
                                             {"defaults.overlap", "run"},
                                             {"defaults.max_queued", "-1"},
                                             {"defaults.retry_backoff", "0.5"},
                                             {"defaults.retry_max_delay", "x"},
                                             {"defaults.priority", "10"},
                                             {"defaults.memory", "1"},
                                             {"defaults.cpu", "-1"},
                                             {"defaults.open_files", "7"},
                                             {"defaults.file_size", "x"},
                                             {"defaults.nice", "20"},
                                             {"defaults.isolation", "cold"}}) {
        BOOST_TEST(refusal({{key, value}}).find("'" + key + "': found '" + value + "'") != std::string::npos, key);
    }
    BOOST_TEST(refusal({{"defaults.overlap", "run"}}).find("one of skip, queue, replace") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_is_read_and_module_configuration_is_collected) {
    const TempDir dir;
    const auto file = dir / "foliotd.properties";
    std::ofstream(file)
        << "# a comment\nhttp.port = 1234\nmodule.reports.config.smtp.host = mail\nmodules.privileged = shell,admin\n";
    const auto config = with(foliot::read_settings(file, true).settings);
    BOOST_TEST(config.http.port == 1234);
    BOOST_TEST(config.module_config.at("reports").at("smtp.host") == "mail");
    BOOST_TEST(config.privileged_modules.contains("admin"));
}

BOOST_AUTO_TEST_CASE(the_pool_keeps_a_worker_for_others_unless_there_is_only_one) {
    BOOST_TEST(with({{"workers.max", "4"}}).workers.kept_workers == 1);
    BOOST_TEST(with({{"workers.max", "1"}}).workers.kept_workers == 0);
    BOOST_TEST(refusal({{"workers.max", "4"}, {"workers.kept", "4"}}).find("'workers.kept': found '4'") !=
               std::string::npos);
    BOOST_TEST(refusal({{"workers.max", "4"}, {"workers.min", "5"}}).find("'workers.min': found '5'") !=
               std::string::npos);
    BOOST_TEST(with({{"workers.idle", "7"}}).workers.idle == 7 * kSecond);
    BOOST_TEST(with({}).breaker == 5);
    BOOST_TEST(with({{"workers.breaker", "0"}}).breaker == 0);
}

BOOST_AUTO_TEST_CASE(it_listens_on_an_address_or_a_name) {
    for (const char* good : {"127.0.0.1", "0.0.0.0", "::", "::1", "localhost", "node-7.example"})
        BOOST_TEST(with({{"http.address", good}}).http.address == good);
    for (const char* bad :
         {"127.0.0.1:8888", "10.0.0.300", "10.0.0.0/8", "[::1]", "fe80::1%eth0", "http://here", "two names", "10.1"})
        BOOST_TEST(
            refusal({{"http.address", bad}}).find("'http.address': found '" + std::string(bad)) != std::string::npos,
            bad);
}

BOOST_AUTO_TEST_CASE(trusted_proxies_are_addresses_and_networks_and_nobody_by_default) {
    BOOST_TEST(!with({}).http.trusted_proxies.contain("127.0.0.1"));
    const auto proxies = with({{"http.trusted_proxies", "10.0.0.7, 192.168.0.0/16,fd00::/8"}}).http.trusted_proxies;
    for (const char* one : {"10.0.0.7", "192.168.3.4", "fd12::1"}) BOOST_TEST(proxies.contain(one), one);
    BOOST_TEST(refusal({{"http.trusted_proxies", "10.0.0.7, proxy.example"}}).find("'proxy.example'") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(limits_are_read_by_module_and_tag_whatever_dots_their_names_have) {
    BOOST_TEST((with({}).limits == store::RunLimits{}));
    const TempDir dir;
    const auto file = dir / "foliotd.properties";
    std::ofstream(file) << "limits.running = 9\nlimits.module.a = 1\nlimits.module.a.b = 2\nlimits.tag.db = 3\n";
    BOOST_TEST((with(foliot::read_settings(file, true).settings).limits ==
                store::RunLimits{9, {{"a", 1}, {"a.b", 2}}, {{"db", 3}}}));
    BOOST_TEST(with({{"defaults.deadline", "7"}}).defaults.deadline == 7 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_mistake_is_refused_by_the_name_of_its_key) {
    BOOST_TEST(refusal({{"htp.port", "1"}}).find("'htp.port' is not known") != std::string::npos);
    BOOST_TEST(refusal({{"http.port", "65536"}}).find("'http.port': found '65536'") != std::string::npos);
    BOOST_TEST(refusal({{"http.port", "80 80"}}).find("http.port") != std::string::npos);
    BOOST_TEST(refusal({{"workers.max", "0"}}).find("workers.max") != std::string::npos);
    BOOST_TEST(refusal({{"api.apscheduler.prefix", "scheduler"}}).find("api.apscheduler.prefix") != std::string::npos);
    BOOST_TEST(refusal({{"limits.running", "-1"}}).find("limits.running") != std::string::npos);
    BOOST_TEST(refusal({{"limits.tag.db", "0"}}).find("limits.tag.db") != std::string::npos);
    BOOST_TEST(refusal({{"limits.tag.", "1"}}).find("limits.tag.") != std::string::npos);
    BOOST_TEST(refusal({{"limits.other", "1"}}).find("'limits.other' is not known") != std::string::npos);
    BOOST_TEST(refusal({{"log.level", "loud"}}).find("log.level") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_in_a_list_may_have_blanks_around_them) {
    const auto config = with({{"modules.privileged", "sample, shell ,"}, {"scheduler.allowed_hosts", "a, b"}});
    BOOST_TEST((config.privileged_modules == std::set<std::string>{"sample", "shell"}));
    BOOST_TEST((config.allowed_hosts == std::vector<std::string>{"a", "b"}));
    BOOST_TEST(refusal({{"modules.privileged", "sample shell"}}).find("found 'sample shell'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_prefix_is_a_plain_path_that_nothing_else_has) {
    for (const char* prefix : {"/a/b-c", "/api/v2", "/api/v11", "/uis"})
        BOOST_TEST(with({{"api.apscheduler.prefix", prefix}}).apscheduler_prefix == prefix);
    for (const char* prefix :
         {"", "/", "/a/", "/a{b}c", "/a b", "/livez", "/login", "/authenticate", "/api/v1/executions", "/api"}) {
        BOOST_TEST(refusal({{"api.apscheduler.prefix", prefix}}).find("api.apscheduler.prefix") != std::string::npos,
                   prefix);
    }
}

BOOST_FIXTURE_TEST_CASE(the_prefix_is_no_path_of_another_dialect, ServerFixture) {
    const std::string document = start().client().get("/openapi.json").body;
    const auto openapi = json::parse(document);
    std::size_t others = 0;
    for (const auto& [path, operations] : openapi.find("paths")->members) {
        if (path.starts_with("/scheduler")) continue;
        ++others;
        const std::string prefix = path.substr(0, path.find("/{"));
        BOOST_TEST(refusal({{"api.apscheduler.prefix", prefix}}).find("api.apscheduler.prefix") != std::string::npos,
                   prefix);
    }
    BOOST_TEST(others > 50U);
}

BOOST_AUTO_TEST_CASE(a_cgroup_and_a_user_for_the_jobs_that_cannot_be_are_refused_by_key) {
    BOOST_TEST(with({}).cgroup == "auto");
    BOOST_TEST(with({{"workers.cgroup", "/sys/fs/cgroup/foliot"}}).cgroup == "/sys/fs/cgroup/foliot");
    BOOST_TEST(refusal({{"workers.cgroup", "foliot"}}).find("'workers.cgroup': found 'foliot'") != std::string::npos);
    BOOST_TEST(refusal({{"workers.max_tasks", "-1"}}).find("'workers.max_tasks'") != std::string::npos);
    for (const char* user : {"nobody-there", "root"}) {
        BOOST_CHECK_EXCEPTION(app::check_programs(with({{"workers.program", "/bin/sh"}, {"workers.user", user}})),
                              std::runtime_error, [&](const std::runtime_error& e) {
                                  const std::string said = e.what();
                                  return said.find("'workers.user'") != std::string::npos &&
                                         said.find(user) != std::string::npos;
                              });
    }
}

BOOST_AUTO_TEST_CASE(a_data_folder_and_a_worker_that_cannot_be_are_refused_by_key) {
    BOOST_TEST(refusal({{"data_dir", ""}}).find("'data_dir'") != std::string::npos);
    const auto fine = with({{"workers.program", "/bin/sh"}});
    BOOST_CHECK_NO_THROW(app::check_programs(fine));
    for (const char* program : {"/nonexistent", "/etc/passwd", "/bin"}) {
        const auto config = with({{"workers.program", program}});
        BOOST_CHECK_EXCEPTION(app::check_programs(config), std::runtime_error, [&](const std::runtime_error& e) {
            return std::string(e.what()).find("'workers.program': found '" + std::string(program)) == 18;
        });
    }
}

BOOST_AUTO_TEST_CASE(authentication_can_be_switched_off_on_loopback_only) {
    BOOST_TEST(!with({{"auth.enabled", "false"}}).auth_enabled);
    BOOST_TEST(refusal({{"auth.enabled", "false"}, {"http.address", "0.0.0.0"}}).find("auth.enabled") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_goes_by_the_names_of_its_machine_and_of_what_it_listens_on) {
    const auto knows = [](const Settings& settings, std::string_view host) {
        return api::is_among(host, with(settings).http.hosts);
    };
    for (const char* host : {"localhost", "127.0.0.1", "[::1]"}) BOOST_TEST(knows({}, host), host);
    BOOST_TEST(knows({}, app::host_name()));
    for (const char* host : {"10.0.0.1", "evil.example", ""}) BOOST_TEST(!knows({}, host), host);
    BOOST_TEST(knows({{"http.address", "10.0.0.1"}}, "10.0.0.1"));
    BOOST_TEST(knows({{"http.address", "fd00::1"}}, "[fd00::1]"));
    for (const char* everywhere : {"0.0.0.0", "::"}) {
        BOOST_TEST(knows({{"http.address", everywhere}}, "10.0.0.1"));
        BOOST_TEST(!knows({{"http.address", everywhere}}, "evil.example"));
    }
    const Settings own{{"http.hosts", "jobs.example, [ip]"}};
    BOOST_TEST(knows(own, "jobs.example"));
    BOOST_TEST(knows(own, "10.0.0.1"));
    BOOST_TEST(!knows(own, "localhost"));
    BOOST_TEST(knows({{"http.hosts", "*"}}, "evil.example"));
    for (const char* bad : {"", "a:80", "http://a", "a b", "*.a/b"}) {
        BOOST_TEST(refusal({{"http.hosts", bad}}).find("'http.hosts': found '" + std::string(bad)) !=
                   std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(one_address_may_have_many_times_the_connections_that_are_served_at_once) {
    BOOST_TEST(with({}).http.max_per_address == 1024);
    BOOST_TEST(with({{"http.max_connections", "10"}}).http.max_per_address == 160);
    BOOST_TEST(with({{"http.max_connections_per_address", "5"}}).http.max_per_address == 5);
    BOOST_TEST(refusal({{"http.max_connections_per_address", "0"}}).find("a whole number from 1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_missing_file_gives_defaults_unless_it_was_asked_for) {
    const auto none = foliot::read_settings("/nowhere/foliotd.properties", false);
    BOOST_TEST(none.settings.empty());
    BOOST_TEST(!none.has_file);
    BOOST_CHECK_THROW(foliot::read_settings("/nowhere/foliotd.properties", true), std::runtime_error);
}

app::CommandLine parse(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "foliotd");
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    return app::parse_command_line(static_cast<int>(argv.size()), argv.data());
}

BOOST_AUTO_TEST_CASE(the_command_line_takes_a_file_and_overrides) {
    const auto line = parse({"--config", "x.properties", "-Dhttp.port=1", "-D", "a=b=c"});
    BOOST_TEST(line.config_file.value() == "x.properties");
    BOOST_TEST(line.overrides.at("http.port") == "1");
    BOOST_TEST(line.overrides.at("a") == "b=c");
    BOOST_TEST((parse({"--check-config"}).mode == app::CommandLine::Mode::check_config));
    for (const auto& wrong :
         std::vector<std::vector<std::string>>{{"--what"}, {"-Dx"}, {"-D=x"}, {"stray"}, {"--config"}}) {
        BOOST_CHECK_THROW(parse(wrong), std::runtime_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
