// foliotd: reads its configuration, serves until it is told to stop.
#include "app/application.hpp"
#include "app/command_line.hpp"
#include "app/descriptors.hpp"
#include "app/herald.hpp"
#include "app/set_password.hpp"
#include "app/signals.hpp"
#include "base/log.hpp"
#include "base/standard_fds.hpp"
#include "store/store.hpp"

#include <exception>
#include <filesystem>
#include <iostream>
#include <map>

namespace {

using namespace foliot;

constexpr int kBadConfiguration = 2;
constexpr const char* kDefaultConfig = "/etc/foliot/foliotd.properties";

Given read_settings(const app::CommandLine& line, bool must_exist) {
    auto given = foliot::read_settings(line.config_file.value_or(kDefaultConfig), must_exist);
    override_with(line.overrides, given);
    return given;
}

/// An error about a key names the file that says so.
template <class Step>
auto with_files_named(const Given& given, const Step& step) {
    try {
        return step();
    } catch (const ConfigError& e) {
        throw e.told_by(given);
    }
}

app::Config make_config(const Given& given) {
    return with_files_named(given, [&] { return app::make_config(given.settings); });
}

log::Level level_of(const std::string& name) {
    static const std::map<std::string, log::Level> levels{{"debug", log::Level::debug},
                                                          {"info", log::Level::info},
                                                          {"warning", log::Level::warning},
                                                          {"error", log::Level::error}};
    return levels.at(name);
}

void set_log_level(const app::Config& config) {
    log::configure({level_of(config.log_level), app::service_manager::reads_log()});
}

/// A configuration that is wrong changes nothing.
void reload(app::Application& application, const app::CommandLine& line, Given& given) {
    try {
        const Given next = read_settings(line, given.has_file);
        const app::Config config = make_config(next);
        const app::ChangedKeys keys = app::changed_keys(given.settings, next.settings);
        application.reload(config, keys);
        set_log_level(config);
        for (const auto& key : keys.at_once) log::info("config-changed", "configuration: " + key + " is changed");
        for (const auto& key : keys.at_restart)
            log::warning("config-needs-restart",
                         "configuration: " + key + " is changed, which takes effect when the server is started again");
        app::take_over(next.settings, keys.at_once, given.settings);  // the others are named again until the next start
        given.has_file = next.has_file;
    } catch (const std::exception& e) {
        log::error("config-refused",
                   std::string("the configuration is not read anew, nothing of it has changed: ") + e.what());
        application.look_for_modules();
    }
}

void serve(const app::Config& config, const app::CommandLine& line, Given& given) {
    app::Application application(config);
    for (;;) {
        if (app::wait_for_request() == app::Request::stop) break;
        const app::ReloadNotice notice;
        reload(application, line, given);
    }
    log::info("stopping", "stopping");
    application.stop();
    log::info("stopped", "stopped");
}

/// The second line is for packages: an older program must not replace a newer one whose database it cannot open.
std::string version_text() {
    return "foliotd " FOLIOT_VERSION "\ndatabase schema " + std::to_string(store::schema_version()) + "\n";
}

}  // namespace

int main(int argc, char** argv) {
    app::Config config;
    app::CommandLine line;
    Given given;
    try {
        hold_standard_descriptors();
        app::block_signals();
        line = app::parse_command_line(argc, argv);
        if (line.mode == app::CommandLine::Mode::help || line.mode == app::CommandLine::Mode::version) {
            std::cout << (line.mode == app::CommandLine::Mode::help ? app::help_text() : version_text());
            return 0;
        }
        given = read_settings(line, line.config_file.has_value());
        config = make_config(given);
        if (line.mode != app::CommandLine::Mode::set_password)
            with_files_named(given, [&] { app::check_programs(config); });
        if (line.mode == app::CommandLine::Mode::check_config) {
            std::cout << "the configuration is right\n";
            return 0;
        }
    } catch (const std::exception& e) {
        std::cerr << "foliotd: " << e.what() << '\n';
        app::service_manager::tell(app::service_manager::status(e.what()));
        return kBadConfiguration;
    }
    if (line.mode == app::CommandLine::Mode::set_password) return app::set_password(config, line.user);
    try {
        set_log_level(config);
        app::fit_descriptors(config);
        with_files_named(given, [&] { serve(config, line, given); });
        return 0;
    } catch (const std::exception& e) {
        log::error("cannot-go-on", std::string("cannot go on: ") + e.what());
        app::service_manager::tell(app::service_manager::status(e.what()));
        return 1;
    }
}
