// The use cases and the REST faces on them.
#pragma once

#include "api/http/router.hpp"
#include "api/http/server.hpp"
#include "app/config.hpp"
#include "module/catalogue.hpp"
#include "service/services.hpp"
#include "store/store.hpp"

#include <map>
#include <memory>
#include <string>

namespace foliot::app {

/// Owns what the dialects refer to; outlives the router.
struct Services {
    Services(const Config& config, store::Store& store, const module::Catalogue& catalogue, const Clock& clock,
             service::WaitIdle wait_idle);

    service::CatalogueFunctions functions;
    service::Jobs jobs;
    service::Executions executions;
    service::Scheduler scheduler;
    service::Accounts accounts;
    service::History history;
    service::Services all{jobs, executions, scheduler, accounts, history};
    bool auth_enabled;

    /// With auth.enabled off everybody is an administrator of this loopback server.
    api::Authenticate authenticator();
};

std::unique_ptr<api::Router> make_router(const Config& config, store::Store& store, Services& services);

/// module.NAME.config.* as a JSON object for each module.
std::map<std::string, std::string> module_config_json(const Config& config);

std::string host_name();

}  // namespace foliot::app
