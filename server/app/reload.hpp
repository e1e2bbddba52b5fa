// What SIGHUP changes: which keys of the configuration take effect while the server runs.
#pragma once

#include "app/config.hpp"

#include <set>
#include <string>

namespace foliot::app {

struct ChangedKeys {
    std::set<std::string> at_once;     ///< take effect now
    std::set<std::string> at_restart;  ///< do not
    bool any_at_once(const std::string& prefix) const;
};
ChangedKeys changed_keys(const Settings& before, const Settings& after);

/// Gives these keys, and no others, the values of `next`.
void take_over(const Settings& next, const std::set<std::string>& keys, Settings& settings);

/// Modules whose module.NAME.config.* differ.
std::set<std::string> modules_configured_anew(const Config& before, const Config& after);

}  // namespace foliot::app
