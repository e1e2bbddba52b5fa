#include "service/audit_log.hpp"

#include "base/error.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

constexpr std::size_t kMostBytes = 16U << 20U;  // of a page: a job's definition is up to 512 KiB

}  // namespace

store::Page<store::AuditEntry> AuditLog::list(const Caller& caller, const AuditQuery& query) {
    require(caller, Power::read, "read the audit log");
    store::AuditFilter filter{.limit = query.limit, .from = query.from, .until = query.until, .max_bytes = kMostBytes};
    filter.of_accounts = has_power(caller.who, Power::inspect);
    if (query.cursor) {
        filter.before = store_.public_ids().parse(*query.cursor);
        if (!filter.before) throw invalid_field("cursor", "is none that this server gave: '" + *query.cursor + "'");
    }
    store::Page<store::AuditEntry> page;
    read(store_, [&](store::Snapshot& seen) { page = seen.audit(filter); });
    return page;
}

}  // namespace foliot::service
