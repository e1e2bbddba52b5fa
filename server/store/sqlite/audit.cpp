#include "store/sqlite/audit.hpp"

#include <algorithm>

namespace foliot::store::sqlite {
namespace {

std::int64_t first_id(const AuditFilter& filter) { return filter.from ? IdGenerator::first_at(*filter.from) : 0; }

/// One bound, not two: SQLite would seek by the first it sees, and walk to the other.
std::int64_t end_id(const AuditFilter& filter) {
    const std::int64_t end = filter.until ? IdGenerator::first_at(*filter.until + kMillisecond) : INT64_MAX;
    return std::min(end, filter.before.value_or(INT64_MAX));
}

AuditEntry entry_of(const Query& query) {
    return {query.integer(0),         query.text(1), query.text(2), query.text(3), query.text(4), query.text(5),
            JobKey{query.integer(6)}, query.text(7), query.text(8), query.text(9)};
}

}  // namespace

void add_audit(Work& work, const AuditEntry& entry) {
    const auto job = raw(entry.job) != 0 ? std::optional(raw(entry.job)) : std::nullopt;
    work.db
        .query("INSERT INTO audit(id,actor,via,event,kind,ref,job_key,name,before,after) VALUES(?,?,?,?,?,?,?,?,?,?)")
        .bind(work.ids.next(), entry.actor, entry.via, entry.event, entry.kind, entry.ref, job, entry.name,
              entry.before, entry.after)
        .run();
}

Page<AuditEntry> page_of_audit(Connection& db, const AuditFilter& filter) {
    Query query = db.query(
        "SELECT id,actor,via,event,kind,ref,job_key,name,before,after FROM audit WHERE id<? AND id>=?"
        " AND (? OR kind NOT IN ('user','group','token')) ORDER BY id DESC LIMIT ?");
    query.bind(end_id(filter), first_id(filter), filter.of_accounts, filter.limit + 1);
    Page<AuditEntry> page;
    std::size_t bytes = 0;
    while (query.next()) {
        const bool full = page.items.size() == filter.limit || (!page.items.empty() && bytes >= filter.max_bytes);
        if (full) {
            page.next = page.items.empty() ? filter.before : std::optional(page.items.back().id);
            break;
        }
        page.items.push_back(entry_of(query));
        bytes += page.items.back().before.size() + page.items.back().after.size();
    }
    return page;
}

}  // namespace foliot::store::sqlite
