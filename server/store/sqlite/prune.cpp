#include "store/sqlite/prune.hpp"

#include "store/sqlite/accounts.hpp"
#include "store/sqlite/id_marks.hpp"
#include "store/sqlite/key_uses.hpp"
#include "store/sqlite/meta.hpp"

#include <limits>

namespace foliot::store::sqlite {
namespace {

constexpr Micros kUnitTime = 3 * kMillisecond;
constexpr std::int64_t kMaxRows = 200;
constexpr std::int64_t kMaxCounted = 5'000;              ///< rows looked at without reading them
constexpr std::int64_t kMaxLooked = 500;                 ///< rows or jobs read
constexpr Micros kTokensSeen = 30LL * 86'400 * kSecond;  ///< so long those that have ended are still listed

}  // namespace

Pruned Pruner::run(Work& work, const Retention& retention, const Clock& clock) {
    Unit unit{work, retention, clock, clock.monotonic() + kUnitTime};
    work.is_watched = false;
    if (stage_ == Stage::count) mark_ids(work, retention);
    Pruned out;
    for (;;) {
        out.more = step(unit);
        if (!out.more) {
            stage_ = stage_ == Stage::keys ? Stage::count : static_cast<Stage>(static_cast<int>(stage_) + 1);
            out.more = stage_ != Stage::count;
            if (out.more && unit.rows == 0 && !unit.time_is_up()) continue;
        }
        out.rows = unit.rows;
        // The largest number ever given out may have gone with a row.
        if (out.rows > 0) set_meta(work.db, "last_id", std::to_string(work.ids.next()));
        return out;
    }
}

/// True: the same stage again.
bool Pruner::step(Unit& unit) {
    switch (stage_) {
        case Stage::count: return count(unit);
        case Stage::runs: return prune_runs(unit);
        case Stage::jobs: return prune_jobs(unit);
        case Stage::audit: return prune_audit(unit);
        case Stage::tokens: return prune_tokens(unit);
        case Stage::sessions: return counted_in(unit, drop_ended_sessions(unit.work, kMaxRows));
        case Stage::keys: break;
    }
    return counted_in(unit, drop_old_key_uses(unit.work, kMaxRows));
}

void Pruner::remove(Unit& unit, const Row& row) {
    Connection& db = unit.work.db;
    db.query("DELETE FROM execution_output WHERE exec=?").bind(row.id).run();
    db.query("DELETE FROM execution_blob WHERE exec=?").bind(row.id).run();
    db.query("DELETE FROM ending WHERE run=?").bind(row.id).run();
    db.query("DELETE FROM execution WHERE id=?").bind(row.id).run();
    if (row.fires > 0) {
        db.query("UPDATE job SET fires_pruned=fires_pruned+? WHERE key=?").bind(row.fires, row.job).run();
    }
    ++unit.rows;
}

/// Once over all rows, later only over what came since: rows are inserted in order of id, and removed here alone.
bool Pruner::count(Unit& unit) {
    if (unit.retention.max_rows == 0) {
        counted_ = counted_to_ = 0;
        return false;
    }
    Query query =
        unit.work.db.query("SELECT count(*),max(id) FROM (SELECT id FROM execution WHERE id>? ORDER BY id LIMIT ?)");
    query.bind(counted_to_, kMaxCounted).next();
    const std::int64_t found = query.integer(0);
    counted_ += found;
    if (found > 0) counted_to_ = query.integer(1);
    return found == kMaxCounted;
}

bool Pruner::prune_runs(Unit& unit) {
    const Retention& retention = unit.retention;
    const Micros cutoff = retention.max_age > 0 ? unit.work.now - retention.max_age : 0;
    std::int64_t excess = retention.max_rows > 0 ? counted_ - retention.max_rows : 0;
    const IdBound bound = first_id_since(unit.work.db, cutoff);
    const std::int64_t below = excess > 0 ? std::numeric_limits<std::int64_t>::max() : bound.id;
    std::vector<Row> rows;
    {
        Query query = unit.work.db.query("SELECT e.id,e.job_key,e.fires," FOLIOT_MAY_GO
                                         ",coalesce(e.ended,e.updated,0) FROM execution e"
                                         " WHERE e.id>? AND e.id<? ORDER BY e.id LIMIT ?");
        query.bind(runs_after_, below, kMaxLooked);
        while (query.next()) {
            rows.push_back({RunId{query.integer(0)}, JobKey{query.integer(1)}, query.integer(2), query.integer(3) != 0,
                            query.integer(4)});
        }
    }
    for (const Row& row : rows) {
        if (unit.rows == kMaxRows || unit.time_is_up()) return true;
        runs_after_ = raw(row.id);
        const bool by_clock_of_before = bound.marked && row.ended > unit.work.now;
        const bool too_old = raw(row.id) < bound.id && (row.ended < cutoff || by_clock_of_before);
        if (!row.may_go || (!too_old && excess <= 0)) continue;
        remove(unit, row);
        if (retention.max_rows > 0) --counted_;
        --excess;
    }
    if (rows.size() == kMaxLooked) return true;
    runs_after_ = 0;
    return false;
}

bool Pruner::prune_audit(Unit& unit) const {
    if (unit.retention.audit_max_age == 0) return false;
    const auto removed =
        unit.work.db.query("DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id<? ORDER BY id LIMIT ?)")
            .bind(first_id_since(unit.work.db, unit.work.now - unit.retention.audit_max_age).id, kMaxRows)
            .run();
    return counted_in(unit, removed);
}

/// They prove nothing any more, nor does what they made, so nobody needs to hear of it.
bool Pruner::prune_tokens(Unit& unit) {
    const auto removed =
        unit.work.db
            .query("DELETE FROM token WHERE id IN (SELECT id FROM token WHERE expires<? ORDER BY expires LIMIT ?)")
            .bind(unit.work.now - kTokensSeen, kMaxRows)
            .run();
    return counted_in(unit, removed);
}

/// True: perhaps there are more.
bool Pruner::counted_in(Unit& unit, std::int64_t removed) {
    unit.rows += removed;
    return removed == kMaxRows;
}

}  // namespace foliot::store::sqlite
