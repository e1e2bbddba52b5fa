#include "app/services.hpp"

#include "api/admin/account_routes.hpp"
#include "api/admin/dialect.hpp"
#include "api/admin/history_routes.hpp"
#include "api/admin/module_routes.hpp"
#include "api/admin/preview_routes.hpp"
#include "api/admin/routes.hpp"
#include "api/admin/scheduler_routes.hpp"
#include "api/admin/server_routes.hpp"
#include "api/apscheduler/routes.hpp"
#include "api/http/openapi.hpp"
#include "api/kragle/login_routes.hpp"
#include "api/kragle/routes.hpp"
#include "api/ndscheduler/event_routes.hpp"
#include "api/ndscheduler/job_routes.hpp"
#include "api/ndscheduler/log_routes.hpp"
#include "api/ndscheduler/login_routes.hpp"
#include "api/ndscheduler/routes.hpp"
#include "api/seed/failed_routes.hpp"
#include "api/seed/metrics_routes.hpp"
#include "api/seed/routes.hpp"
#include "api/seed/webhook_routes.hpp"
#include "app/metric_text.hpp"
#include "base/ascii.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace foliot::app {
namespace {

service::PrivilegedModules privileged(const Config& config) {
    return {.names = {config.privileged_modules.begin(), config.privileged_modules.end()},
            .allowed = config.auth_enabled};
}

service::SchedulerOptions scheduler_options(const Config& config) {
    return {.host_allowed = host_allowed(config.allowed_hosts, host_name())};
}

bool any_usable(const module::Catalogue& catalogue) {
    return std::ranges::any_of(catalogue.modules(),
                               [](const auto& module) { return module->status == module::Status::ok; });
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

bool host_allowed(const std::vector<std::string>& allowed, std::string_view host) {
    return std::any_of(allowed.begin(), allowed.end(),
                       [&](const std::string& one) { return one == "*" || same_but_case(one, host); });
}

Services::Services(const Config& config, store::Store& store, const module::Catalogue& catalogue,
                   engine::Engine& engine, engine::Breaker& breaker, const Clock& clock, service::WaitIdle wait_idle,
                   service::Modules::Rescan rescan, Sights sights)
    : vault(config.secrets_key, clock),
      functions(catalogue),
      modules(store, catalogue, breaker, {privileged(config), config.defaults.limits}, std::move(rescan)),
      jobs(store, functions, vault, {.defaults = config.defaults, .privileged = privileged(config)}),
      schedules(store, privileged(config), vault, config.kragle_anonymous_reads),
      executions(store, std::move(sights.look_on)),
      scheduler(store, std::move(wait_idle), scheduler_options(config)),
      node(store, engine, [&catalogue] { return any_usable(catalogue); }),
      history(store,
              [&engine] {
                  const auto held = engine.holds().worst();
                  return held ? held->why : std::string();
              }),
      token_uses(store, clock),
      credentials(store, clock, passwords, token_uses),
      sessions(store, clock, credentials, config.session_age),
      users(store, passwords, credentials),
      groups(store),
      tokens(store),
      directory(store),
      issued_tokens(store, credentials),
      audit_log(store),
      watching(store, sights.changes),
      webhooks({store, functions, vault, privileged(config)}),
      failed_posts(store, jobs),
      metrics_push(store, vault, config.metrics),
      auth_enabled(config.auth_enabled) {}

api::Authenticate Services::authenticator() {
    if (!auth_enabled) {
        return [](const api::Evidence&) { return Principal{kAnybody, "anonymous", Role::admin, Scope::admin}; };
    }
    return [this](const api::Evidence& evidence) {
        if (evidence.login != nullptr) return credentials.authenticate(*evidence.login, evidence.peer);
        return evidence.session.empty() ? credentials.authenticate(evidence.authorization, evidence.peer)
                                        : sessions.holder(evidence.session);
    };
}

std::unique_ptr<api::Router> make_router(const Config& config, Services& services,
                                         std::function<std::string()> metrics) {
    auto router = std::make_unique<api::Router>(api::admin::dialect());
    api::apscheduler::add_routes(*router, services.all,
                                 {config.apscheduler_prefix, host_name(), config.allowed_hosts, config.timezone});
    api::ndscheduler::add_job_routes(*router, services.all, config.timezone);
    api::ndscheduler::add_routes(*router, services.all, {host_name()});
    api::ndscheduler::add_event_routes(*router, services.all, {host_name()});
    api::ndscheduler::add_log_routes(*router, services.all);
    api::ndscheduler::add_login_routes(*router, services.sessions, config.auth_enabled);
    api::admin::add_routes(*router, services.node);
    api::admin::add_metrics_route(*router, std::move(metrics), MetricText::kContentType, config.anonymous_metrics);
    api::admin::add_scheduler_routes(*router, services.scheduler);
    api::admin::add_server_routes(*router, {FOLIOT_VERSION, host_name(), config.workers.max_workers, config.data_dir,
                                            [&s = services.executions] { return s.now(); }});
    api::admin::add_module_routes(*router, services.modules);
    api::admin::add_history_routes(*router, services.all, host_name());
    api::admin::add_preview_routes(*router, services.all, config.timezone);
    api::kragle::add_routes(*router, services.all, {config.timezone, config.kragle_anonymous_reads});
    api::kragle::add_login_routes(*router, services.sessions, config.auth_enabled);
    api::seed::add_webhook_routes(*router, services.webhooks);
    api::seed::add_failed_routes(*router, services.failed_posts);
    api::seed::add_metrics_routes(*router, services.metrics_push);
    api::admin::add_account_routes(*router, services.all);
    api::seed::add_routes(*router, services.all, {FOLIOT_VERSION, config.timezone});
    api::add_openapi_route(*router, FOLIOT_VERSION, api::admin::dialect());
    return router;
}

std::string module_config_json(const Config& config, const std::string& module, const std::string& server_address) {
    std::map<std::string, std::string> values;
    if (module == "http") values["server_address"] = json::quote(server_address);
    if (const auto given = config.module_config.find(module); given != config.module_config.end()) {
        for (const auto& [key, value] : given->second) values[key] = as_json(value);
    }
    json::Writer out;
    out.begin_object();
    for (const auto& [key, value] : values) out.raw_field(key, value);
    return out.end_object().take();
}

}  // namespace foliot::app
