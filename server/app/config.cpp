#include "app/config.hpp"

#include "api/http/hosts.hpp"
#include "app/containment.hpp"
#include "app/services.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "module/metadata.hpp"
#include "process/worker_program.hpp"
#include "service/http_url.hpp"

#include <Poco/StringTokenizer.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <regex>
#include <thread>

namespace foliot::app {
namespace {

constexpr std::int64_t kYear = 366LL * 86'400;  ///< seconds

[[noreturn]] void refuse(const std::string& key, const std::string& found, const std::string& wanted) {
    throw ConfigError(key, ": found '" + found + "', wanted " + wanted);
}

/// Parts without the blanks around them; empty ones are left out.
std::vector<std::string> split(const std::string& text, const char* separator) {
    const Poco::StringTokenizer parts(text, separator,
                                      Poco::StringTokenizer::TOK_TRIM | Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    return {parts.begin(), parts.end()};
}

std::string json_number(double number) { return json::Writer().value(number).take(); }

/// Takes keys out of the settings one by one; what is left at the end is unknown.
class Reader {
  public:
    explicit Reader(Settings settings) : settings_(std::move(settings)) {}

    std::string text(const std::string& key, const std::string& fallback) {
        auto node = settings_.extract(key);
        return node ? node.mapped() : fallback;
    }
    std::int64_t number(const std::string& key, std::int64_t fallback, std::int64_t least, std::int64_t most) {
        auto node = settings_.extract(key);
        if (!node) return fallback;
        const std::string& found = node.mapped();
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(found.data(), found.data() + found.size(), value);
        if (error != std::errc{} || end != found.data() + found.size() || value < least || value > most) {
            refuse(key, found, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        }
        return value;
    }
    Micros seconds(const std::string& key, Micros fallback, std::int64_t most) {
        return number(key, fallback / kSecond, 0, most) * kSecond;
    }
    bool flag(const std::string& key, bool fallback) {
        const std::string found = text(key, fallback ? "true" : "false");
        if (found != "true" && found != "false") refuse(key, found, "true or false");
        return found == "true";
    }
    double real(const std::string& key, double fallback, double least, double most) {
        auto node = settings_.extract(key);
        if (!node) return fallback;
        const std::string& found = node.mapped();
        double value = 0;
        const auto [end, error] = std::from_chars(found.data(), found.data() + found.size(), value);
        if (error != std::errc{} || end != found.data() + found.size() || !(value >= least && value <= most)) {
            refuse(key, found, "a number from " + json_number(least) + " to " + json_number(most));
        }
        return value;
    }
    trigger::ZonePtr zone(const std::string& key) {
        const std::string found = text(key, "UTC");
        const auto zone = trigger::find_zone(found);
        if (!zone) refuse(key, found, "a name of the tz database, as Europe/Berlin");
        return *zone;
    }
    template <class Choice>
    Choice choice(const std::string& key, Choice fallback, std::initializer_list<Choice> from) {
        const std::string found = text(key, std::string(name_of(fallback)));
        std::string known;
        for (const Choice one : from) {
            if (name_of(one) == found) return one;
            known += (known.empty() ? "" : ", ") + std::string(name_of(one));
        }
        refuse(key, found, "one of " + known);
    }
    std::vector<std::filesystem::path> paths(const std::string& key, const std::string& fallback) {
        std::vector<std::filesystem::path> list;
        for (const auto& part : split(text(key, fallback), ":")) list.emplace_back(std::filesystem::absolute(part));
        return list;
    }
    /// module.NAME.config.KEY
    std::map<std::string, std::map<std::string, std::string>> module_config() {
        std::map<std::string, std::map<std::string, std::string>> found;
        for (auto at = settings_.begin(); at != settings_.end();) {
            const std::string& key = at->first;
            const auto middle = key.find(".config.");
            if (key.rfind("module.", 0) != 0 || middle == std::string::npos) {
                ++at;
                continue;
            }
            found[key.substr(7, middle - 7)][key.substr(middle + 8)] = at->second;
            at = settings_.erase(at);
        }
        return found;
    }
    /// PREFIX.NAME = number; a name may have dots.
    std::map<std::string, std::int64_t> numbers(const std::string& prefix, std::int64_t least, std::int64_t most) {
        std::map<std::string, std::int64_t> found;
        for (auto at = settings_.lower_bound(prefix); at != settings_.end() && at->first.rfind(prefix, 0) == 0;) {
            const std::string key = (at++)->first;
            if (key.size() == prefix.size()) refuse(key, "no name", "a name behind the last dot");
            found[key.substr(prefix.size())] = number(key, least, least, most);
        }
        return found;
    }
    void expect_nothing_left() const {
        if (!settings_.empty()) throw ConfigError(settings_.begin()->first, " is not known");
    }

  private:
    Settings settings_;
};

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::string default_data_dir() {
    if (auto state = environment("STATE_DIRECTORY"); !state.empty()) return state;
    if (const auto state = environment("XDG_STATE_HOME"); !state.empty()) return state + "/foliot";
    if (const auto home = environment("HOME"); !home.empty()) return home + "/.local/state/foliot";
    throw ConfigError("data_dir", ": not set, and neither STATE_DIRECTORY, XDG_STATE_HOME nor HOME is");
}

std::filesystem::path database_of(const std::string& url) {
    constexpr std::string_view scheme = "sqlite:";
    if (url.rfind(scheme, 0) != 0 || url.size() == scheme.size()) refuse("store.url", url, "sqlite:FILE");
    return std::filesystem::absolute(url.substr(scheme.size()));
}

/// What this server is called when nobody says: no name but those of the machine itself. Listening everywhere, it can
/// be reached by addresses that it does not know of (those of a container's host, say).
std::string default_hosts(const std::string& address) {
    const bool everywhere = address == "0.0.0.0" || address == "::";
    const bool has_colons = address.find(':') != std::string::npos;
    return "localhost, 127.0.0.1, [::1], " + host_name() + ", " +
           (everywhere ? "[ip]" : (has_colons ? "[" + address + "]" : address));
}

void read_hosts(Reader& reader, Config& config) {
    const std::string found = reader.text("http.hosts", default_hosts(config.http.address));
    config.http.hosts = split(found, ",");
    const auto good = [](const std::string& name) {
        return name == "*" || name == "[ip]" || api::host_of(name) == std::string_view(name);
    };
    if (config.http.hosts.empty() || !std::all_of(config.http.hosts.begin(), config.http.hosts.end(), good)) {
        refuse("http.hosts", found, "host names or addresses without port and with commas between them, [ip] or *");
    }
}

void read_proxies(Reader& reader, Config& config) {
    for (const auto& one : split(reader.text("http.trusted_proxies", ""), ",")) {
        if (config.http.trusted_proxies.add(one)) continue;
        refuse("http.trusted_proxies", one, "addresses or networks (10.0.0.7, 10.0.0.0/8) with commas between them");
    }
}

/// Whether a name has an address is seen when the server starts. No name ends in a number (RFC 1123, 2.1).
bool is_address_or_name(const std::string& text) {
    if (text.find('/') == std::string::npos && api::Networks{}.add(text)) return true;
    const std::string last = text.substr(text.rfind('.') + 1);
    return !text.starts_with('[') && last.find_first_not_of("0123456789") != std::string::npos &&
           api::host_of(text) == std::string_view(text);
}

void read_http(Reader& reader, Config& config) {
    auto& http = config.http;
    http.address = reader.text("http.address", http.address);
    if (!is_address_or_name(http.address))
        refuse("http.address", http.address, "an address (127.0.0.1, ::1) or a host name, without a port");
    http.port = static_cast<std::uint16_t>(reader.number("http.port", http.port, 0, 65535));
    http.max_connections = static_cast<int>(reader.number("http.max_connections", http.max_connections, 1, 10'000));
    http.max_queued = 32 * http.max_connections;
    http.max_per_address = static_cast<int>(
        reader.number("http.max_connections_per_address", std::int64_t{16} * http.max_connections, 1, 1'000'000));
    http.max_body = static_cast<std::size_t>(
        reader.number("http.max_body", static_cast<std::int64_t>(http.max_body), 1024, 64 << 20));
    read_hosts(reader, config);
    read_proxies(reader, config);
    config.session_age = reader.number("http.session_age", config.session_age / kSecond, 1, kYear) * kSecond;
    config.auth_enabled = reader.flag("auth.enabled", true);
    const bool loopback = http.address == "127.0.0.1" || http.address == "::1" || http.address == "localhost";
    if (!config.auth_enabled && !loopback) {
        refuse("auth.enabled", "false", "true, since http.address '" + http.address + "' is not loopback");
    }
}

void read_metrics(Reader& reader, Config& config) {
    config.anonymous_metrics = reader.flag("metrics.anonymous", config.anonymous_metrics);
    config.metrics.url = reader.text("metrics.push_url", "");
    config.metrics.user = reader.text("metrics.push_user", "");
    config.metrics.password = reader.text("metrics.push_password", "");
    if (config.metrics.url.empty()) return;
    try {
        service::check_http_url("metrics.push_url", config.metrics.url);
    } catch (const RequestError&) {
        refuse("metrics.push_url", config.metrics.url, "an http or https URL without user and password in it");
    }
}

void read_modules(Reader& reader, Config& config) {
    config.module_path = reader.paths("modules.path", "/usr/local/lib/foliot/modules:/usr/lib/foliot/modules");
    config.trusted_paths = reader.paths("modules.trusted_paths", "");
    config.watch_modules = reader.flag("modules.watch", config.watch_modules);
    for (auto& name : split(reader.text("modules.privileged", "shell"), ",")) {
        if (!module::valid_module_name(name))
            refuse("modules.privileged", name, "names of modules with commas between them");
        config.privileged_modules.insert(std::move(name));
    }
    config.module_config = reader.module_config();
}

void read_workers(Reader& reader, Config& config) {
    auto& workers = config.workers;
    const auto cores = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
    workers.max_workers = static_cast<int>(reader.number("workers.max", 2 * cores, 1, 1'000));
    workers.min_workers = static_cast<int>(reader.number("workers.min", 0, 0, workers.max_workers));
    workers.idle = reader.number("workers.idle", workers.idle / kSecond, 1, kYear) * kSecond;
    workers.kept_workers = static_cast<int>(
        reader.number("workers.kept", std::min(1, workers.max_workers - 1), 0, workers.max_workers - 1));
    config.breaker = static_cast<int>(reader.number("workers.breaker", config.breaker, 0, 1'000'000));
    workers.max_runs = static_cast<int>(reader.number("workers.max_runs", workers.max_runs, 1, 1'000'000'000));
    workers.max_rss = static_cast<std::uint64_t>(
        reader.number("workers.max_rss", static_cast<std::int64_t>(workers.max_rss), 1 << 20, std::int64_t{1} << 50));
    workers.grace = reader.seconds("workers.grace", workers.grace, 86'400);
    workers.max_output = static_cast<std::size_t>(
        reader.number("workers.max_output", static_cast<std::int64_t>(workers.max_output), 4096, kMostOutput));
    workers.max_tasks = static_cast<std::uint64_t>(
        reader.number("workers.max_tasks", static_cast<std::int64_t>(workers.max_tasks), 0, 1'000'000));
    config.job_user = reader.text("workers.user", "");
    const std::string folder = reader.text("workers.dir", "");
    if (!folder.empty()) config.work_dir = std::filesystem::absolute(folder);
    config.cgroup = reader.text("workers.cgroup", config.cgroup);
    if (config.cgroup != "auto" && config.cgroup != "off" && !config.cgroup.starts_with('/')) {
        refuse("workers.cgroup", config.cgroup, "auto, off, or the path of a cgroup that is this server's own");
    }
    const std::string program = reader.text("workers.program", "");
    config.worker_program =
        program.empty() ? process::worker_program(process::own_folder()) : std::filesystem::absolute(program);
}

void read_limits(Reader& reader, Config& config) {
    constexpr std::int64_t most = 1'000'000'000;
    config.limits.running = reader.number("limits.running", 0, 0, most);
    config.limits.modules = reader.numbers("limits.module.", 1, most);
    config.limits.tags = reader.numbers("limits.tag.", 1, most);
}

/// As in a job, the misfire policy wins over coalesce.
void read_default_rules(Reader& reader, service::JobDefaults& defaults) {
    const bool coalesce = reader.flag("defaults.coalesce", defaults.coalesce);
    const auto usual = coalesce ? MisfirePolicy::once : MisfirePolicy::all;
    defaults.misfire =
        reader.choice("defaults.misfire_policy", usual, {MisfirePolicy::once, MisfirePolicy::all, MisfirePolicy::skip});
    defaults.coalesce = defaults.misfire == MisfirePolicy::skip ? coalesce : defaults.misfire == MisfirePolicy::once;
    defaults.max_instances =
        static_cast<int>(reader.number("defaults.max_instances", defaults.max_instances, 1, 1'000'000));
    defaults.overlap =
        reader.choice("defaults.overlap", defaults.overlap, {Overlap::skip, Overlap::queue, Overlap::replace});
    defaults.max_queued = static_cast<int>(reader.number("defaults.max_queued", defaults.max_queued, 0, 1'000'000));
    defaults.priority = static_cast<int>(reader.number("defaults.priority", defaults.priority, 0, 9));
    defaults.isolation = reader.choice("defaults.isolation", defaults.isolation, {Isolation::warm, Isolation::fresh});
}

/// What is kept of the output has a key of its own.
void read_default_limits(Reader& reader, Config& config) {
    ResourceLimits& limits = config.defaults.limits;
    for (const LimitField& field : kLimitFields) {
        if (field.value == &ResourceLimits::output) continue;
        const std::string key = "defaults." + std::string(field.name);
        const bool is_length = field.unit == LimitField::Unit::micros;
        const std::int64_t value =
            is_length ? reader.seconds(key, 0, field.most / kSecond) : reader.number(key, 0, 0, field.most);
        if (!field.allows(value)) refuse(key, std::to_string(value), field.range());
        if (value > 0) limits.*field.value = value;
    }
    limits.output = static_cast<std::int64_t>(config.workers.max_output);
}

void read_defaults(Reader& reader, Config& config) {
    config.defaults.timeout = reader.seconds("defaults.timeout", 0, kYear);
    config.defaults.deadline = reader.seconds("defaults.deadline", 0, kYear);
    const Micros grace = reader.seconds("defaults.misfire_grace_time", 3600 * kSecond, kYear);
    config.defaults.misfire_grace = grace > 0 ? std::optional(grace) : std::nullopt;
    config.defaults.retry.max_retries = static_cast<int>(reader.number("defaults.max_retries", 0, 0, 1'000));
    auto& retry = config.defaults.retry;
    retry.delay = reader.seconds("defaults.retry_delay", retry.delay, kYear);
    retry.factor = reader.real("defaults.retry_backoff", retry.factor, 1, 1'000);
    retry.max_delay = reader.seconds("defaults.retry_max_delay", retry.max_delay, kYear);
    read_default_rules(reader, config.defaults);
    read_default_limits(reader, config);
}

void read_history(Reader& reader, Config& config) {
    constexpr std::int64_t century = 100LL * 366 * 86'400;
    auto& history = config.history;
    history.max_age = reader.seconds("history.max_age", history.max_age, century);
    history.max_rows = reader.number("history.max_rows", history.max_rows, 0, std::int64_t{1} << 40);
    history.max_rows_per_job = reader.number("history.max_rows_per_job", history.max_rows_per_job, 0, 10'000);
    history.audit_max_age = reader.seconds("history.audit_max_age", history.audit_max_age, century);
}

/// A prefix is matched as it is written, and beside it there are paths of our own.
void check_prefix(const std::string& key, const std::string& prefix) {
    static const std::regex segments("(/[A-Za-z0-9._~-]+)+");
    static const std::regex own(
        "/api|/(api/(v1|health|metrics|token-auth)|schedules|authenticate|login|logout|livez|readyz|metrics|ui|"
        "openapi\\.json)(/.*)?");
    if (!std::regex_match(prefix, segments)) refuse(key, prefix, "a path such as /scheduler");
    if (std::regex_match(prefix, own)) refuse(key, prefix, "another path: this one has a meaning of its own");
}

}  // namespace

Config make_config(const Settings& settings) {
    Reader reader(settings);
    Config config;
    const auto data_dir = settings.contains("data_dir") ? reader.text("data_dir", "") : default_data_dir();
    if (data_dir.empty()) refuse("data_dir", data_dir, "a folder");
    config.data_dir = std::filesystem::absolute(data_dir);
    config.database = database_of(reader.text("store.url", "sqlite:" + (config.data_dir / "foliot.db").string()));
    config.secrets_key =
        std::filesystem::absolute(reader.text("secrets.key_file", (config.data_dir / "secrets.key").string()));
    read_http(reader, config);
    read_metrics(reader, config);
    read_modules(reader, config);
    read_workers(reader, config);
    read_limits(reader, config);
    read_defaults(reader, config);
    read_history(reader, config);
    config.shutdown_grace = reader.seconds("shutdown.grace", config.shutdown_grace, 86'400);
    config.allowed_hosts = split(reader.text("scheduler.allowed_hosts", "*"), ",");
    config.timezone = reader.zone("scheduler.timezone");
    config.apscheduler_prefix = reader.text("api.apscheduler.prefix", config.apscheduler_prefix);
    check_prefix("api.apscheduler.prefix", config.apscheduler_prefix);
    config.kragle_anonymous_reads = reader.flag("api.kragle.anonymous_reads", config.kragle_anonymous_reads);
    config.log_level = reader.text("log.level", config.log_level);
    if (!std::set<std::string>{"debug", "info", "warning", "error"}.contains(config.log_level)) {
        refuse("log.level", config.log_level, "debug, info, warning or error");
    }
    reader.expect_nothing_left();
    return config;
}

void check_programs(const Config& config) {
    find_job_user(config);
    const auto& program = config.worker_program;
    if (::access(program.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(program)) return;
    refuse("workers.program", program.string(), "a program that can be run: the package's foliot-worker");
}

}  // namespace foliot::app
