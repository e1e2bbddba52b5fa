#include "store/sqlite/hooks.hpp"

#include <algorithm>

namespace foliot::store::sqlite {
namespace {

#define FOLIOT_HOOK_COLUMNS "id,account,event,target,job_key,created,updated FROM hook"

Hook hook_row(const Query& query) {
    return {.id = query.integer(0),
            .account = query.integer(1),
            .event = query.text(2),
            .target = query.text(3),
            .job = JobKey{query.integer(4)},
            .created = query.integer(5),
            .updated = query.integer(6)};
}

std::optional<Hook> one_hook(Query& query) {
    if (!query.next()) return std::nullopt;
    return hook_row(query);
}

std::vector<Hook> all_hooks(Query& query) {
    std::vector<Hook> hooks;
    while (query.next()) hooks.push_back(hook_row(query));
    return hooks;
}

/// For good: its last runs may end when the hook is long gone.
void note_delivering(Work& work, JobKey job) {
    if (raw(job) == 0) return;
    work.db.query("INSERT OR IGNORE INTO delivering(job_key) VALUES(?)").bind(job).run();
}

constexpr const char* kWatchEnds = "note_end";
constexpr const char* kWatchBirths = "note_birth";

/// A trigger's words; "" when nothing is wanted. The states are literals in it: what ends in another one costs a
/// comparison, and without a trigger nothing does.
std::string trigger_sql(std::string_view name, std::string_view when, const std::string& states) {
    if (states.empty()) return "";
    return "CREATE TRIGGER " + std::string(name) + " AFTER " + std::string(when) + " AND NEW.state IN (" + states +
           ") BEGIN INSERT INTO ending(run) SELECT NEW.id WHERE NOT EXISTS"
           "(SELECT 1 FROM delivering WHERE job_key=NEW.job_key); END";
}

std::string stored_trigger(Connection& db, std::string_view name) {
    Query query = db.query("SELECT sql FROM sqlite_schema WHERE type='trigger' AND name=?");
    return query.bind(name).next() ? query.text(0) : "";
}

/// Every connection prepares its statements anew after such a change, so it is made only when it is one.
void put_trigger(Connection& db, std::string_view name, const std::string& sql) {
    const std::string present = stored_trigger(db, name);
    if (present == sql) return;
    if (!present.empty()) db.query_text("DROP TRIGGER " + std::string(name)).run();
    if (!sql.empty()) db.query_text(sql).run();
}

}  // namespace

std::optional<Hook> find_hook(Connection& db, std::int64_t id) {
    Query query = db.query("SELECT " FOLIOT_HOOK_COLUMNS " WHERE id=?");
    return one_hook(query.bind(id));
}

std::optional<Hook> find_hook_of(Connection& db, JobKey job) {
    Query query = db.query("SELECT " FOLIOT_HOOK_COLUMNS " WHERE job_key=?");
    return one_hook(query.bind(job));
}

std::vector<Hook> find_hooks(Connection& db, const HookFilter& filter) {
    if (!filter.after) {
        Query query = db.query("SELECT " FOLIOT_HOOK_COLUMNS " WHERE id<? ORDER BY id DESC LIMIT ?");
        return all_hooks(query.bind(filter.before.value_or(INT64_MAX), filter.limit));
    }
    Query query = db.query("SELECT " FOLIOT_HOOK_COLUMNS " WHERE id>? ORDER BY id LIMIT ?");
    auto hooks = all_hooks(query.bind(*filter.after, filter.limit));
    std::reverse(hooks.begin(), hooks.end());
    return hooks;
}

std::vector<Hook> find_hooks_for(Connection& db, std::string_view event) {
    const std::string kind = std::string(event.substr(0, event.find('.'))) + ".*";
    Query query = db.query("SELECT " FOLIOT_HOOK_COLUMNS " WHERE event IN (?,?,'*')");
    auto hooks = all_hooks(query.bind(event, kind));
    std::sort(hooks.begin(), hooks.end(), [](const Hook& a, const Hook& b) { return a.id < b.id; });
    return hooks;
}

std::int64_t count_hooks(Connection& db) { return db.query("SELECT count(*) FROM hook").number(); }

std::vector<RunId> find_endings(Connection& db, std::size_t limit) {
    Query query = db.query("SELECT run FROM ending ORDER BY id LIMIT ?");
    query.bind(limit);
    std::vector<RunId> runs;
    while (query.next()) runs.push_back(RunId{query.integer(0)});
    return runs;
}

std::int64_t add_hook(Work& work, const Hook& hook) {
    note_delivering(work, hook.job);
    return work.db
        .query("INSERT INTO hook(account,event,target,job_key,created,updated) VALUES(?1,?2,?3,?4,?5,?5) RETURNING id")
        .bind(hook.account, hook.event, hook.target, hook.job, work.now)
        .number();
}

void change_hook(Work& work, const Hook& hook) {
    note_delivering(work, hook.job);
    const auto changed = work.db.query("UPDATE hook SET event=?,target=?,job_key=?,updated=? WHERE id=?")
                             .bind(hook.event, hook.target, hook.job, work.now, hook.id)
                             .run();
    if (changed == 0) throw Refused(Refused::Why::missing, "there is no webhook " + std::to_string(hook.id));
}

void remove_hook(Work& work, std::int64_t id) { work.db.query("DELETE FROM hook WHERE id=?").bind(id).run(); }

void want_endings(Work& work, const std::vector<RunState>& states) {
    std::vector<RunState> sorted = states;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::string list;
    for (const RunState state : sorted) {
        if (is_live(state)) throw std::logic_error("only the states of ended executions can be wanted");
        list += (list.empty() ? "" : ",") + std::to_string(static_cast<int>(state));
    }
    put_trigger(work.db, kWatchEnds, trigger_sql(kWatchEnds, "UPDATE OF state ON execution WHEN OLD.state<10", list));
    put_trigger(work.db, kWatchBirths, trigger_sql(kWatchBirths, "INSERT ON execution WHEN NEW.state>=10", list));
}

void forget_ending(Work& work, RunId run) { work.db.query("DELETE FROM ending WHERE run=?").bind(run).run(); }

}  // namespace foliot::store::sqlite
