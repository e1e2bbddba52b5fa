#include "app/services.hpp"

#include "api/admin/dialect.hpp"
#include "api/admin/history_routes.hpp"
#include "api/admin/routes.hpp"
#include "api/apscheduler/routes.hpp"
#include "api/ndscheduler/routes.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace foliot::app {
namespace {

service::JobOptions job_options(const Config& config) {
    service::JobOptions options;
    options.defaults = config.defaults;
    options.privileged_allowed = config.auth_enabled;
    options.privileged_modules = {config.privileged_modules.begin(), config.privileged_modules.end()};
    return options;
}

service::SchedulerOptions scheduler_options(const Config& config) {
    const auto& allowed = config.allowed_hosts;
    const auto is_here = [](const std::string& host) { return host == "*" || host == host_name(); };
    return {.host_allowed = std::any_of(allowed.begin(), allowed.end(), is_here)};
}

/// Properties know only text: a value that reads as JSON is handed on as that, anything else as text.
std::string as_json(const std::string& value) {
    try {
        return std::string(json::parse(value).raw);
    } catch (const json::SyntaxError&) {
        return json::quote(value);
    }
}

}  // namespace

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) throw_errno("gethostname");
    return name.data();
}

Services::Services(const Config& config, store::Store& store, const module::Catalogue& catalogue, const Clock& clock,
                   service::WaitIdle wait_idle)
    : functions(catalogue),
      jobs(store, functions, job_options(config)),
      executions(store),
      scheduler(store, std::move(wait_idle), scheduler_options(config)),
      accounts(store, clock),
      history(store),
      auth_enabled(config.auth_enabled) {}

api::Authenticate Services::authenticator() {
    if (auth_enabled) return [this](std::string_view authorization) { return accounts.authenticate(authorization); };
    return [](std::string_view) { return Principal{-1, "anonymous", Role::admin, Scope::admin}; };
}

std::unique_ptr<api::Router> make_router(const Config& config, store::Store& store, Services& services) {
    auto router = std::make_unique<api::Router>(api::admin::dialect());
    api::apscheduler::add_routes(*router, services.all, {config.apscheduler_prefix, host_name(), config.allowed_hosts});
    api::ndscheduler::add_routes(*router, services.all, {host_name()});
    api::admin::add_routes(*router, store);
    api::admin::add_history_routes(*router, services.all, host_name());
    return router;
}

std::map<std::string, std::string> module_config_json(const Config& config) {
    std::map<std::string, std::string> texts;
    for (const auto& [module, values] : config.module_config) {
        json::Writer out;
        out.begin_object();
        for (const auto& [key, value] : values) out.raw_field(key, as_json(value));
        texts[module] = out.end_object().take();
    }
    return texts;
}

}  // namespace foliot::app
