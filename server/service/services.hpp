// The use cases together, as the dialects get them.
#pragma once

#include "service/audit_log.hpp"
#include "service/directory.hpp"
#include "service/executions.hpp"
#include "service/groups.hpp"
#include "service/history.hpp"
#include "service/issued_tokens.hpp"
#include "service/jobs.hpp"
#include "service/scheduler.hpp"
#include "service/schedules.hpp"
#include "service/tokens.hpp"
#include "service/users.hpp"
#include "service/vault.hpp"
#include "service/watching.hpp"
#include "service/webhooks.hpp"

namespace foliot::service {

/// References to what the application owns; it must outlive every router that was given this.
struct Services {
    Jobs& jobs;
    Schedules& schedules;
    Executions& executions;
    Scheduler& scheduler;
    History& history;
    Users& users;
    Groups& groups;
    Tokens& tokens;
    AuditLog& audit_log;
    Watching& watching;
    const Vault& vault;
    Directory& directory;
    IssuedTokens& issued_tokens;
    Webhooks& webhooks;
};

}  // namespace foliot::service
