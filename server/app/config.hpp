// What foliotd's configuration means. Unknown keys and impossible values are refused by name.
#pragma once

#include "api/http/server.hpp"
#include "config/settings.hpp"
#include "domain/job.hpp"
#include "runner/runner.hpp"
#include "service/jobs.hpp"
#include "service/metrics_push.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace foliot::app {

struct Config {
    std::filesystem::path data_dir;
    std::filesystem::path database;
    std::filesystem::path secrets_key;  ///< file with the keys that seal secrets
    api::ServerOptions http;
    bool auth_enabled = true;
    Micros session_age = 86'400 * kSecond;
    std::vector<std::filesystem::path> module_path, trusted_paths;
    bool watch_modules = true;
    std::set<std::string> privileged_modules;
    std::map<std::string, std::map<std::string, std::string>> module_config;  ///< module -> key -> value
    runner::Limits workers;
    int breaker = 5;  ///< crashes of a function in a row after which it is not run; 0: none are too many
    store::RunLimits limits;
    std::filesystem::path worker_program;
    std::string job_user;            ///< workers.user; "": the server's own
    std::filesystem::path work_dir;  ///< workers.dir; "": by the user
    std::string cgroup = "auto";     ///< workers.cgroup: auto, off or an absolute path
    Micros shutdown_grace = 10 * kSecond;
    store::Retention history{.max_age = 30LL * 86'400 * kSecond, .audit_max_age = 365LL * 86'400 * kSecond};
    service::JobDefaults defaults;
    std::vector<std::string> allowed_hosts{"*"};
    trigger::ZonePtr timezone;  ///< of triggers and times that name none
    service::MetricsTarget metrics;
    bool anonymous_metrics = false;  ///< GET /metrics needs nobody
    std::string apscheduler_prefix = "/scheduler";
    bool kragle_anonymous_reads = true;
    std::string log_level = "info";
};

/// Throws ConfigError that names the key, what was found and what was wanted.
Config make_config(const Settings& settings);

/// Are the programs and the user there that the configuration names? Throws likewise.
void check_programs(const Config& config);

}  // namespace foliot::app
