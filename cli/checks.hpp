// The tests of `foliot module check`, in groups.
#pragma once

#include "base/clock.hpp"
#include "cli/run_request.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace foliot::cli {

enum class Level { ok, warning, error, skipped };
std::string_view level_name(Level level);

struct Finding {
    std::string group, test;
    Level level = Level::ok;
    std::string text{};  ///< what is wrong and what to do; empty when it is right
};
using Findings = std::vector<Finding>;

/// What the file says of itself; runs nothing of it.
Findings check_file(const std::filesystem::path& file);

/// What loading it does. Each test in a process of its own.
Findings check_load(const std::filesystem::path& file, Micros limit);

/// What it describes itself as, by the server's own rules. `loads`: it can be loaded at all.
Findings check_descriptor(const module::Module& module, bool loads);

/// What one of its functions does, with these arguments and others. Each test in processes of its own.
/// `request.timeout` is the limit of each.
Findings check_behaviour(const RunRequest& request);

}  // namespace foliot::cli
