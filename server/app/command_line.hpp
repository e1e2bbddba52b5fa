// foliotd's command line.
#pragma once

#include "app/config.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace foliot::app {

struct CommandLine {
    enum class Mode { serve, check_config, set_password, version, help } mode = Mode::serve;
    std::string user;  ///< of set_password
    std::optional<std::filesystem::path> config_file;
    Settings overrides;  ///< -Dkey=value
};

/// Throws std::runtime_error naming the argument.
CommandLine parse_command_line(int argc, char** argv);
std::string help_text();

}  // namespace foliot::app
