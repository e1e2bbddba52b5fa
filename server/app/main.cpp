// foliotd: reads its configuration, serves until it is told to stop.
#include "app/application.hpp"
#include "app/command_line.hpp"
#include "app/descriptors.hpp"
#include "app/set_password.hpp"
#include "app/signals.hpp"
#include "base/log.hpp"

#include <exception>
#include <filesystem>
#include <iostream>
#include <map>

namespace {

using namespace foliot;

constexpr int kBadConfiguration = 2;
constexpr const char* kDefaultConfig = "/etc/foliot/foliot.conf";

app::Config read_config(const app::CommandLine& line) {
    auto settings = app::read_settings(line.config_file.value_or(kDefaultConfig), line.config_file.has_value());
    for (const auto& [key, value] : line.overrides) settings[key] = value;
    return app::make_config(settings);
}

log::Level level_of(const std::string& name) {
    static const std::map<std::string, log::Level> levels{{"debug", log::Level::debug},
                                                          {"info", log::Level::info},
                                                          {"warning", log::Level::warning},
                                                          {"error", log::Level::error}};
    return levels.at(name);
}

void serve(const app::Config& config) {
    app::Application application(config);
    for (;;) {
        if (app::wait_for_request() == app::Request::stop) break;
        application.reload();
    }
    log::info("stopping: runs may go on for " + std::to_string(config.shutdown_grace / kSecond) + " s");
    application.stop();
    log::info("stopped");
}

}  // namespace

int main(int argc, char** argv) {
    app::Config config;
    app::CommandLine line;
    try {
        app::block_signals();
        line = app::parse_command_line(argc, argv);
        if (line.mode == app::CommandLine::Mode::help || line.mode == app::CommandLine::Mode::version) {
            std::cout << (line.mode == app::CommandLine::Mode::help ? app::help_text()
                                                                    : "foliotd " FOLIOT_VERSION "\n");
            return 0;
        }
        config = read_config(line);
        if (line.mode != app::CommandLine::Mode::set_password) app::check_programs(config);
        if (line.mode == app::CommandLine::Mode::check_config) {
            std::cout << "the configuration is right\n";
            return 0;
        }
    } catch (const std::exception& e) {
        std::cerr << "foliotd: " << e.what() << '\n';
        return kBadConfiguration;
    }
    if (line.mode == app::CommandLine::Mode::set_password) return app::set_password(config, line.user);
    try {
        log::configure({level_of(config.log_level), std::getenv("JOURNAL_STREAM") != nullptr});
        app::fit_descriptors(config);
        serve(config);
        return 0;
    } catch (const std::exception& e) {
        log::error(std::string("cannot go on: ") + e.what());
        return 1;
    }
}
