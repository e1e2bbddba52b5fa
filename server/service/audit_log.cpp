#include "service/audit_log.hpp"

#include "base/error.hpp"
#include "service/sift.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

using store::AuditEntry;

constexpr std::size_t kMostBytes = 16U << 20U;  // of a page: a job's definition is up to 512 KiB

bool is_wanted(const AuditEntry& entry, const AuditQuery& query) {
    const auto fits = [](const std::optional<std::string>& wanted, const std::string& text) {
        return !wanted || *wanted == text;
    };
    return (!query.job_id || entry.kind == "job") && fits(query.job_id, entry.ref) && fits(query.event, entry.event) &&
           fits(query.user, entry.actor);
}

}  // namespace

store::Page<AuditEntry> AuditLog::list(const Caller& caller, const AuditQuery& query) {
    require(caller, Power::read, "read the audit log");
    store::AuditFilter filter{.limit = query.limit, .from = query.from, .until = query.until, .max_bytes = kMostBytes};
    filter.of_accounts = has_power(caller.who, Power::inspect);
    if (query.cursor) {
        filter.before = store_.public_ids().parse(*query.cursor);
        if (!filter.before) throw invalid_field("cursor", "is none that this server gave: '" + *query.cursor + "'");
    }
    const auto page = [this](const store::AuditFilter& some) {
        store::Page<AuditEntry> entries;
        read(store_, [&](store::Snapshot& seen) { entries = seen.audit(some); });
        return entries;
    };
    if (!query.job_id && !query.event && !query.user) return page(filter);
    return sift(filter, page, [&](const AuditEntry& entry) { return is_wanted(entry, query); });
}

}  // namespace foliot::service
