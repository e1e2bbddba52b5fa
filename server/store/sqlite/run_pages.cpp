#include "store/sqlite/run_pages.hpp"

namespace foliot::store::sqlite {
namespace {

#define FOLIOT_RUN_COLUMNS                                                                                           \
    "e.id,e.job_key,j.id,e.rev,e.state,e.nominal,e.first_nominal,e.due,e.updated,e.fires,e.attempt,e.origin,e.node," \
    "e.pid,e.started,e.ended,e.reason,e.error,coalesce(e.result,(SELECT b.result FROM execution_blob b WHERE"        \
    " b.exec=e.id)),e.args,e.kwargs,e.module,e.parent FROM execution e JOIN job j ON j.key=e.job_key"

std::optional<std::int32_t> narrow(std::optional<std::int64_t> number) {
    if (!number) return std::nullopt;
    return static_cast<std::int32_t>(*number);
}

RunView run_view(Connection& db, Definitions& definitions, const Query& row) {
    RunView run;
    run.id = RunId{row.integer(0)};
    run.job = JobKey{row.integer(1)};
    run.job_id = row.text(2);
    run.rev = row.integer(3);
    run.def = definitions.get_or_placeholder(db, run.job, run.rev);
    run.state = static_cast<RunState>(row.integer(4));
    run.nominal = row.integer(5);
    run.first_nominal = row.integer(6);
    run.due = row.integer(7);
    run.updated = row.integer(8);
    run.fires = row.integer(9);
    run.attempt = row.small(10);
    run.origin = static_cast<Origin>(row.integer(11));
    run.node = narrow(row.maybe(12));
    run.pid = narrow(row.maybe(13));
    run.started = row.maybe(14);
    run.ended = row.maybe(15);
    run.reason = row.text(16);
    run.error = row.text(17);
    run.result = row.maybe_text(18);
    if (!run.result && !is_live(run.state)) run.result = "null";  // stored as nothing
    run.args = row.maybe_text(19);
    run.kwargs = row.maybe_text(20);
    run.module_version = row.text(21);
    if (const auto parent = row.maybe(22)) run.parent = RunId{*parent};
    return run;
}

/// Of an id range: both ends included, by millisecond.
std::int64_t lowest_id(const RunFilter& filter) { return filter.from ? IdGenerator::first_at(*filter.from) : 0; }

std::int64_t above_ids(const RunFilter& filter) {
    if (!filter.until) return INT64_MAX;
    return IdGenerator::first_at(*filter.until + kMillisecond);
}

/// States are literals: only then does SQLite see that a partial index covers the query.
std::string state_condition(const RunFilter& filter) {
    if (!filter.state) return "";
    const int state = static_cast<int>(*filter.state);
    std::string sql = " AND e.state=" + std::to_string(state);
    if (state > 10) sql += " AND e.state>10";
    if (state < 10) sql += " AND e.state<10";
    return sql;
}

}  // namespace

std::optional<RunView> find_run(Connection& db, Definitions& definitions, RunId id) {
    Query query = db.query("SELECT " FOLIOT_RUN_COLUMNS " WHERE e.id=?");
    if (!query.bind(id).next()) return std::nullopt;
    return run_view(db, definitions, query);
}

std::optional<RunView> run_covering(Connection& db, Definitions& definitions, JobKey key, Micros nominal) {
    Query query = db.query("SELECT " FOLIOT_RUN_COLUMNS
                           " WHERE e.job_key=? AND e.nominal>=? AND e.fires>0 ORDER BY e.nominal,e.seq LIMIT 1");
    if (!query.bind(key, nominal).next()) return std::nullopt;
    RunView run = run_view(db, definitions, query);
    if (run.first_nominal > nominal) return std::nullopt;
    return run;
}

std::optional<RunView> last_accounting_run(Connection& db, Definitions& definitions, JobKey key) {
    Query query = db.query("SELECT " FOLIOT_RUN_COLUMNS
                           " WHERE e.job_key=? AND e.fires>0 ORDER BY e.nominal DESC,e.seq DESC LIMIT 1");
    if (!query.bind(key).next()) return std::nullopt;
    return run_view(db, definitions, query);
}

std::vector<RunView> runs_at(Connection& db, Definitions& definitions, JobKey key, Micros nominal) {
    Query query = db.query("SELECT " FOLIOT_RUN_COLUMNS " WHERE e.job_key=? AND e.nominal=? ORDER BY e.seq LIMIT 1000");
    query.bind(key, nominal);
    std::vector<RunView> runs;
    while (query.next()) runs.push_back(run_view(db, definitions, query));
    return runs;
}

std::vector<RunView> live_runs_of(Connection& db, Definitions& definitions, JobKey key, std::size_t limit) {
    Query query = db.query("SELECT " FOLIOT_RUN_COLUMNS
                           " WHERE e.job_key=? AND e.state<10 ORDER BY e.state=1,e.due,e.id LIMIT ?");
    query.bind(key, limit);
    std::vector<RunView> runs;
    while (query.next()) runs.push_back(run_view(db, definitions, query));
    return runs;
}

Page<RunView> page_of_runs(Connection& db, Definitions& definitions, const RunFilter& filter) {
    const std::int64_t before = filter.before.value_or(INT64_MAX);
    // Live rows are few; the planner, which does not know that, would walk history in order of id.
    const bool live = filter.state && is_live(*filter.state) && !filter.job;
    std::string sql = "SELECT " FOLIOT_RUN_COLUMNS;
    constexpr std::string_view table = "FROM execution e";
    if (live) sql.insert(sql.find(table) + table.size(), " INDEXED BY exec_live");
    sql += " WHERE e.id>=?1 AND e.id<?2";
    if (filter.job) {
        sql += " AND e.job_key=?4" + state_condition(filter);
        if (filter.before) sql += " AND (e.nominal,e.seq)<(SELECT c.nominal,c.seq FROM execution c WHERE c.id=?5)";
        sql += " ORDER BY e.nominal DESC,e.seq DESC LIMIT ?3";
    } else {
        sql += state_condition(filter) + " AND e.id<?4 ORDER BY e.id DESC LIMIT ?3";
    }
    Query query = db.query_text(sql);
    query.bind(lowest_id(filter), above_ids(filter), filter.limit + 1);
    if (filter.job) {
        query.bind(*filter.job);
        if (filter.before) query.bind(before);
    } else {
        query.bind(before);
    }
    Page<RunView> page;
    while (query.next()) {
        if (page.items.size() == filter.limit) {
            if (!page.items.empty()) page.next = raw(page.items.back().id);
            break;
        }
        page.items.push_back(run_view(db, definitions, query));
    }
    return page;
}

}  // namespace foliot::store::sqlite
