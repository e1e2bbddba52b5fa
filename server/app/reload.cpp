#include "app/reload.hpp"

#include "domain/resource_limits.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace foliot::app {
namespace {

/// Keys, or beginnings of keys that end in a dot.
constexpr std::array<std::string_view, 9> kAtOnce{
    "defaults.",     "history.",      "limits.", "log.level", "module.", "modules.path", "modules.trusted_paths",
    "modules.watch", "shutdown.grace"};

/// These are handed to the workers, the runner and the services at their start.
bool is_limit(std::string_view key) {
    return std::ranges::any_of(kLimitFields,
                               [&](const LimitField& field) { return key == "defaults." + std::string(field.name); });
}

bool is_at_once(const std::string& key) {
    if (is_limit(key)) return false;
    return std::ranges::any_of(
        kAtOnce, [&](std::string_view one) { return one.ends_with('.') ? key.starts_with(one) : key == one; });
}

}  // namespace

bool ChangedKeys::any_at_once(const std::string& prefix) const {
    const auto first = at_once.lower_bound(prefix);
    return first != at_once.end() && first->starts_with(prefix);
}

ChangedKeys changed_keys(const Settings& before, const Settings& after) {
    ChangedKeys changed;
    const auto note = [&](const Settings& from, const Settings& other) {
        for (const auto& [key, value] : from) {
            const auto found = other.find(key);
            if (found != other.end() && found->second == value) continue;
            (is_at_once(key) ? changed.at_once : changed.at_restart).insert(key);
        }
    };
    note(before, after);
    note(after, before);
    return changed;
}

void take_over(const Settings& next, const std::set<std::string>& keys, Settings& settings) {
    for (const std::string& key : keys) {
        settings.erase(key);
        if (const auto found = next.find(key); found != next.end()) settings.insert(*found);
    }
}

std::set<std::string> modules_configured_anew(const Config& before, const Config& after) {
    std::set<std::string> names;
    const auto note = [&](const auto& from, const auto& other) {
        for (const auto& [name, values] : from) {
            const auto found = other.find(name);
            if (found == other.end() || found->second != values) names.insert(name);
        }
    };
    note(before.module_config, after.module_config);
    note(after.module_config, before.module_config);
    return names;
}

}  // namespace foliot::app
