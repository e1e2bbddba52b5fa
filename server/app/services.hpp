// The use cases and the REST faces on them.
#pragma once

#include "api/http/router.hpp"
#include "api/http/server.hpp"
#include "app/config.hpp"
#include "engine/engine.hpp"
#include "module/catalogue.hpp"
#include "service/credentials.hpp"
#include "service/failed_posts.hpp"
#include "service/metrics_push.hpp"
#include "service/modules.hpp"
#include "service/node.hpp"
#include "service/services.hpp"
#include "service/sessions.hpp"
#include "service/vault.hpp"
#include "service/webhooks.hpp"
#include "store/store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::app {

/// Owns what the dialects refer to; outlives the router.
struct Services {
    /// What they watch: changes of the store's rows, and runs while they run.
    struct Sights {
        service::Changes& changes;
        service::LookOn look_on;
    };

    Services(const Config& config, store::Store& store, const module::Catalogue& catalogue, engine::Engine& engine,
             engine::Breaker& breaker, const Clock& clock, service::WaitIdle wait_idle, service::Modules::Rescan rescan,
             Sights sights);

    service::Vault vault;
    service::CatalogueFunctions functions;
    service::Modules modules;
    service::Jobs jobs;
    service::Schedules schedules;
    service::Executions executions;
    service::Scheduler scheduler;
    service::Node node;
    service::History history;
    service::Passwords passwords;
    service::TokenUses token_uses;
    service::Credentials credentials;
    service::Sessions sessions;
    service::Users users;
    service::Groups groups;
    service::Tokens tokens;
    service::Directory directory;
    service::IssuedTokens issued_tokens;
    service::AuditLog audit_log;
    service::Watching watching;
    service::Webhooks webhooks;
    service::FailedPosts failed_posts;
    service::MetricsPush metrics_push;
    service::Services all{jobs,   schedules, executions, scheduler, history,   users,         groups,
                          tokens, audit_log, watching,   vault,     directory, issued_tokens, webhooks};
    bool auth_enabled;

    /// With auth.enabled off everybody is an administrator of this loopback server, but for what needs to know who it
    /// is.
    api::Authenticate authenticator();
};

/// `metrics` gives what GET /metrics answers, on connection threads.
std::unique_ptr<api::Router> make_router(const Config& config, Services& services,
                                         std::function<std::string()> metrics);

/// module.NAME.config.* as a JSON object. The module `http` is told where this server listens, which it does not call.
std::string module_config_json(const Config& config, const std::string& module, const std::string& server_address);

std::string host_name();

/// Is `host` among the names of scheduler.allowed_hosts ("*": any)? Names are compared without regard to case.
bool host_allowed(const std::vector<std::string>& allowed, std::string_view host);

}  // namespace foliot::app
