#include "store/sqlite/run_pages.hpp"

#include "store/sqlite/deadlines.hpp"

#include <algorithm>

namespace foliot::store::sqlite {
namespace {

#define FOLIOT_RUN_COLUMNS                                                                                           \
    "e.id,e.job_key,j.id,e.rev,e.state,e.nominal,e.first_nominal,e.due,e.updated,e.fires,e.attempt,e.origin,e.node," \
    "e.pid,e.started,e.ended,e.reason,e.error,coalesce(e.result,(SELECT b.result FROM execution_blob b WHERE"        \
    " b.exec=e.id)),e.args,e.kwargs,e.module,e.parent," FOLIOT_SINCE                                                 \
    ",e.progress,e.note FROM execution e JOIN job j ON j.key=e.job_key"

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
    run.since = row.integer(23);
    if (auto note = row.maybe_text(25)) run.progress = Progress{row.maybe_real(24), *std::move(note)};
    return run;
}

/// Of an id range: both ends included, by millisecond.
std::int64_t lowest_id(const RunFilter& filter) {
    const std::int64_t first = filter.from ? IdGenerator::first_at(*filter.from) : 0;
    return filter.after ? std::max(first, *filter.after + 1) : first;
}

std::int64_t above_ids(const RunFilter& filter) {
    if (!filter.until) return INT64_MAX;
    return IdGenerator::first_at(*filter.until + kMillisecond);
}

/// One bound, not two: SQLite would seek by the first it sees, and walk to the other.
std::int64_t below_ids(const RunFilter& filter) {
    return filter.job || filter.job_id ? above_ids(filter)
                                       : std::min(above_ids(filter), filter.before.value_or(INT64_MAX));
}

bool all_live(const RunFilter& filter) {
    return !filter.states.empty() && std::all_of(filter.states.begin(), filter.states.end(), is_live);
}

bool is_bad(RunState state) { return state > RunState::succeeded; }

bool all_bad(const RunFilter& filter) {
    return !filter.states.empty() && std::all_of(filter.states.begin(), filter.states.end(), is_bad);
}

/// States are literals: only then does SQLite see that a partial index covers the query.
std::string state_condition(const RunFilter& filter) {
    if (filter.states.empty()) return "";
    std::string numbers;
    for (const RunState state : filter.states) {
        numbers += (numbers.empty() ? "" : ",") + std::to_string(static_cast<int>(state));
    }
    std::string sql = filter.states.size() == 1 ? " AND e.state=" + numbers : " AND e.state IN (" + numbers + ")";
    if (all_live(filter)) sql += " AND e.state<10";
    if (all_bad(filter)) sql += " AND e.state>10";
    return sql;
}

/// Of runs by id. (The + keeps SQLite from beginning with the jobs, and sorting all their runs.)
std::string further_conditions(const RunFilter& filter) {
    std::string sql;
    if (filter.func) sql += " AND +j.func=?4";
    if (filter.last_attempts) {
        sql +=
            " AND j.status<>4 AND NOT EXISTS(SELECT 1 FROM execution n WHERE n.job_key=e.job_key"
            " AND n.nominal=e.nominal AND n.parent=e.id)";
    }
    return sql;
}

/// Of jobs with one id: the later job's runs before the earlier one's, each job's by its index. Nothing is created
/// before its nominal time, so an upper bound of creation is one of nominal times too.
std::string job_id_condition(const RunFilter& filter) {
    std::string sql = " AND j.id=?4 AND e.nominal<=?6" + state_condition(filter);
    if (filter.before) {
        sql +=
            " AND j.key<=(SELECT c.job_key FROM execution c WHERE c.id=?5) AND (e.job_key,e.nominal,e.seq)<"
            "(SELECT c.job_key,c.nominal,c.seq FROM execution c WHERE c.id=?5)";
    }
    return sql + " ORDER BY j.key DESC,e.nominal DESC,e.seq DESC LIMIT ?3";
}

std::string job_condition(const RunFilter& filter) {
    std::string sql = " AND e.job_key=?4" + state_condition(filter);
    if (filter.before) sql += " AND (e.nominal,e.seq)<(SELECT c.nominal,c.seq FROM execution c WHERE c.id=?5)";
    return sql + " ORDER BY e.nominal DESC,e.seq DESC LIMIT ?3";
}

/// What is in one of several bad states: a walk along the index for each of them, merged.
std::string merged_query(const RunFilter& filter) {
    std::string sql;
    for (const RunState state : filter.states) {
        RunFilter one = filter;
        one.states = {state};
        sql += std::string(sql.empty() ? "" : " UNION ALL ") +
               "SELECT " FOLIOT_RUN_COLUMNS " WHERE e.id>=?1 AND e.id<?2" + state_condition(one) +
               further_conditions(filter);
    }
    return sql + " ORDER BY 1" + (filter.after ? "" : " DESC") + " LIMIT ?3";
}

std::string page_query(const RunFilter& filter) {
    // The planner does not know how few rows are live, or how many a job has.
    const bool of_job = filter.job || filter.job_id;
    if (!of_job && filter.states.size() > 1 && all_bad(filter)) return merged_query(filter);
    const std::string_view index = all_live(filter) ? " INDEXED BY exec_live" : " INDEXED BY exec_job";
    std::string sql = "SELECT " FOLIOT_RUN_COLUMNS;
    constexpr std::string_view table = "FROM execution e";
    if (filter.job_id || (all_live(filter) && !of_job)) sql.insert(sql.find(table) + table.size(), index);
    sql += " WHERE e.id>=?1 AND e.id<?2";
    if (filter.job_id) return sql + job_id_condition(filter);
    if (filter.job) return sql + job_condition(filter);
    return sql + state_condition(filter) + further_conditions(filter) + " ORDER BY e.id" +
           (filter.after ? "" : " DESC") + " LIMIT ?3";
}

constexpr std::size_t kMostLooked = 20'000;  // of bad runs that may not be wanted, for a page

/// Are most runs that the query walks along perhaps not wanted?
bool sifts(const RunFilter& filter) {
    return !filter.job && !filter.job_id && all_bad(filter) && (filter.func || filter.last_attempts);
}

struct Ids {
    std::int64_t low = 0, end = 0;  ///< `end` is behind the last one
};

/// Makes the range smaller, on its far side, so that it has no more bad runs than may be looked at; false: it was so.
bool shorten(Connection& db, const RunFilter& filter, Ids& ids) {
    bool narrower = false;
    for (const RunState state : filter.states) {
        RunFilter one;
        one.states = {state};
        Query beyond = db.query_text("SELECT e.id FROM execution e WHERE e.id>=? AND e.id<?" + state_condition(one) +
                                     " ORDER BY e.id" + (filter.after ? "" : " DESC") + " LIMIT 1 OFFSET ?");
        if (!beyond.bind(ids.low, ids.end, kMostLooked / filter.states.size()).next()) continue;
        (filter.after ? ids.end : ids.low) = filter.after ? beyond.integer(0) : beyond.integer(0) + 1;
        narrower = true;
    }
    return narrower;
}

std::size_t text_bytes(const RunView& run) {
    const auto size = [](const std::optional<std::string>& own, const std::string& otherwise) {
        return own ? own->size() : otherwise.size();
    };
    const std::size_t note = run.progress ? run.progress->note.size() : 0;
    return size(run.args, run.def->args) + size(run.kwargs, run.def->kwargs) + size(run.result, {}) + run.error.size() +
           note;
}

/// Before the first of the ready runs that have the next priority of that lane, or are of the next lane.
std::optional<ReadyPlace> next_group(Connection& db, const ReadyPlace& behind, std::int64_t last_lane) {
    const auto first_of = [](Query& group) { return ReadyPlace{group.integer(0), group.small(1), INT64_MIN, RunId{}}; };
    Query same_lane =
        db.query("SELECT lane,prio FROM execution WHERE state=2 AND lane=? AND prio<? ORDER BY lane,prio DESC LIMIT 1");
    if (same_lane.bind(behind.lane, behind.prio).next()) return first_of(same_lane);
    Query next_lane = db.query(
        "SELECT lane,prio FROM execution WHERE state=2 AND lane>? AND lane<=? ORDER BY lane,prio DESC LIMIT 1");
    if (next_lane.bind(behind.lane, last_lane).next()) return first_of(next_lane);
    return std::nullopt;
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

UnnotedRuns unnoted_ready_runs(Connection& db, Definitions& definitions, const UnnotedQuery& wanted) {
    const LaneRange lanes = lanes_of_module(lane_of(wanted.module));
    std::vector<RunId> unnoted;
    auto at = wanted.after ? wanted.after : next_group(db, {.lane = lanes.first - 1}, lanes.last);
    for (std::size_t looked = 0; at && looked < wanted.look_at;) {
        Query group = db.query(
            "SELECT due,id,reason IS NULL FROM execution WHERE state=2 AND lane=? AND prio=? AND (due,id)>(?,?)"
            " ORDER BY due,id LIMIT ?");
        group.bind(at->lane, at->prio, at->due, at->run, wanted.look_at - looked);
        for (; group.next(); ++looked) {
            at->due = group.integer(0);
            at->run = RunId{group.integer(1)};
            if (group.integer(2) != 0) unnoted.push_back(at->run);
        }
        if (looked < wanted.look_at) {
            at = next_group(db, *at, lanes.last);
            ++looked;  // there may be as many groups as runs
        }
    }
    UnnotedRuns found{{}, at};
    for (const RunId run : unnoted) found.runs.push_back(find_run(db, definitions, run).value());
    return found;
}

Page<RunView> page_of_runs(Connection& db, Definitions& definitions, const RunFilter& filter) {
    Query query = db.query_text(page_query(filter));
    Ids ids{lowest_id(filter), below_ids(filter)};
    const bool narrowed = sifts(filter) && shorten(db, filter, ids);
    query.bind(ids.low, ids.end, filter.limit + 1);
    const bool of_job = filter.job || filter.job_id;
    if (filter.job_id) {
        query.bind(*filter.job_id);
    } else if (filter.job) {
        query.bind(*filter.job);
    } else if (filter.func) {
        query.bind(*filter.func);
    }
    if (of_job && (filter.before || filter.job_id)) query.bind(filter.before.value_or(0));
    if (filter.job_id) query.bind(filter.until ? *filter.until + kMillisecond : INT64_MAX);
    Page<RunView> page;
    if (narrowed) page.next = filter.after ? ids.end - 1 : ids.low;
    std::size_t bytes = 0;
    while (query.next()) {
        const bool full = page.items.size() == filter.limit || (!page.items.empty() && bytes >= filter.max_bytes);
        if (full) {
            if (!page.items.empty()) page.next = raw(page.items.back().id);
            break;
        }
        page.items.push_back(run_view(db, definitions, query));
        bytes += text_bytes(page.items.back());
    }
    if (filter.after) std::reverse(page.items.begin(), page.items.end());
    return page;
}

std::int64_t count_bad_runs(Connection& db, const RunFilter& filter) {
    Query query = db.query_text("SELECT count(*) FROM execution e JOIN job j ON j.key=e.job_key WHERE e.id>=?1" +
                                state_condition(filter) + further_conditions(filter));
    RunFilter all = filter;
    all.after.reset();
    all.before.reset();
    Ids ids{lowest_id(all), below_ids(all)};
    shorten(db, all, ids);
    query.bind(ids.low);
    if (filter.func) query.bind(std::nullopt, std::nullopt, *filter.func);
    return query.number();
}

}  // namespace foliot::store::sqlite
