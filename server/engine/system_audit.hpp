// What the server itself does to a job, for the audit.
#pragma once

#include "store/store.hpp"

#include <string>

namespace foliot::engine {

inline store::AuditEntry by_system(std::string event, const Job& job) {
    store::AuditEntry entry;
    entry.actor = entry.via = "system";
    entry.event = std::move(event);
    entry.kind = "job";
    entry.ref = job.state.id;
    entry.job = job.state.key;
    entry.name = job.definition.name;
    return entry;
}

}  // namespace foliot::engine
