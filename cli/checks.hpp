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

struct CheckResult {
    std::string group, test;
    Level level = Level::ok;
    std::string text{};  ///< what is wrong and what to do; empty when it is right
};
using CheckResults = std::vector<CheckResult>;

/// What the file says of itself; runs nothing of it.
CheckResults check_file(const std::filesystem::path& file);

/// What loading it does. Each test in a process of its own.
CheckResults check_load(const std::filesystem::path& file, Micros limit);

/// What it describes itself as, by the server's own rules. `loads`: it can be loaded at all.
CheckResults check_descriptor(const module::Module& module, bool loads);

/// What one of its functions does, with these arguments and others. Each test in processes of its own.
/// `request.timeout` is the limit of each.
CheckResults check_behaviour(const RunRequest& request);

}  // namespace foliot::cli
