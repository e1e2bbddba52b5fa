#include "store/sqlite/snapshot.hpp"

#include "store/sqlite/audit.hpp"
#include "store/sqlite/jobs.hpp"
#include "store/sqlite/meta.hpp"
#include "store/sqlite/packed_output.hpp"
#include "store/sqlite/run_pages.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace foliot::store::sqlite {
namespace {
constexpr Micros kLongest = 250 * kMillisecond;  // a longer one would pin the log
constexpr Micros kLongestCall = 2 * kSecond;
}  // namespace

ReadSnapshot::ReadSnapshot(Readers& readers, Definitions& definitions, const Clock& clock)
    : definitions_(definitions),
      clock_(clock),
      db_(readers),
      accounts_(*db_, Guard{*this}),
      schedules_(*db_, Guard{*this}),
      hooks_(*db_, Guard{*this}) {
    try {
        db_->query("BEGIN DEFERRED").run();
        db_->query("SELECT count(*) FROM node").number();  // only a read fixes what is seen
    } catch (const SqlError& error) {
        throw StoreUnavailable(error.what());
    }
    end_ = clock_.monotonic() + kLongest;
    db_->limit_by([this] { return clock_.monotonic() > end_ + kLongestCall; });
}

void ReadSnapshot::check_time() const {
    if (clock_.monotonic() > end_) throw StoreUnavailable("a snapshot was used for longer than 250 ms");
}

void ReadSnapshot::fail(const SqlError& error) {
    if (error.primary() == SQLITE_INTERRUPT) {
        throw StoreUnavailable("this takes longer than 2 s to read; ask for a narrower range");
    }
    throw StoreUnavailable(std::string("the database cannot be read: ") + error.what());
}

Job ReadSnapshot::with_definition(JobState state) {
    const auto definition = definitions_.get_or_placeholder(*db_, state.key, state.rev);
    return {std::move(state), *definition};
}

std::optional<Job> ReadSnapshot::job(std::string_view id) {
    return guarded([&]() -> std::optional<Job> {
        auto row = find_job(*db_, id);
        if (!row) return std::nullopt;
        return with_definition(std::move(row->state));
    });
}

std::optional<Job> ReadSnapshot::job(JobKey key) {
    return guarded([&]() -> std::optional<Job> {
        auto row = find_job(*db_, key);
        if (!row) return std::nullopt;
        return with_definition(std::move(row->state));
    });
}

std::optional<JobRecord> ReadSnapshot::latest_job(std::string_view id) {
    return guarded([&]() -> std::optional<JobRecord> {
        Query query = db_->query("SELECT " FOLIOT_JOB_COLUMNS
                                 ",j.gone_at,j.fires_pruned FROM job j WHERE j.id=? ORDER BY j.key DESC LIMIT 1");
        if (!query.bind(id).next()) return std::nullopt;
        return JobRecord{.job = with_definition(job_row(query).state),
                         .gone_at = query.maybe(kJobColumns),
                         .fires_pruned = query.integer(kJobColumns + 1)};
    });
}

JobRecord ReadSnapshot::record_of(const Query& query) {
    return {.job = with_definition(job_row(query).state),
            .gone_at = query.maybe(kJobColumns),
            .fires_pruned = query.integer(kJobColumns + 1),
            .created_by = query.integer(kJobColumns + 2),
            .updated_by = query.integer(kJobColumns + 3),
            .updated = query.integer(kJobColumns + 4)};
}

#define FOLIOT_RECORD_QUERY                                                 \
    "SELECT " FOLIOT_JOB_COLUMNS                                            \
    ",j.gone_at,j.fires_pruned,j.creator,coalesce(r.by,0),coalesce(r.at,0)" \
    " FROM job j LEFT JOIN job_rev r ON r.job_key=j.key AND r.rev=j.rev WHERE j.status<>4 AND "

std::optional<JobRecord> ReadSnapshot::job_record(JobKey key) {
    return guarded([&]() -> std::optional<JobRecord> {
        Query query = db_->query(FOLIOT_RECORD_QUERY "j.key=?");
        if (!query.bind(key).next()) return std::nullopt;
        return record_of(query);
    });
}

std::vector<JobRecord> ReadSnapshot::job_records(const RecordFilter& filter) {
    return guarded([&] {
        std::vector<JobRecord> records;
        const auto take = [&](Query query, std::int64_t bound) {
            query.bind(filter.func, bound, filter.limit);
            while (query.next()) records.push_back(record_of(query));
        };
        if (filter.after) {
            take(db_->query(FOLIOT_RECORD_QUERY "j.func=? AND j.key>? ORDER BY j.key LIMIT ?"), raw(*filter.after));
            std::reverse(records.begin(), records.end());
        } else {
            const std::int64_t before = filter.before ? raw(*filter.before) : INT64_MAX;
            take(db_->query(FOLIOT_RECORD_QUERY "j.func=? AND j.key<? ORDER BY j.key DESC LIMIT ?"), before);
        }
        return records;
    });
}

std::int64_t ReadSnapshot::count_job_records(std::string_view func) {
    return guarded(
        [&] { return db_->query("SELECT count(*) FROM job j WHERE j.func=? AND j.status<>4").bind(func).number(); });
}

Page<Job> ReadSnapshot::jobs(const JobFilter& filter) {
    return guarded([&] {
        Query query = db_->query("SELECT " FOLIOT_JOB_COLUMNS
                                 " FROM job j WHERE j.key>? AND j.status IN (0,1,3) AND j.cursor>?"
                                 " ORDER BY j.key LIMIT ?");
        query.bind(filter.after, filter.cursor_after, filter.limit + 1);
        Page<Job> page;
        while (query.next()) {
            if (page.items.size() == filter.limit) {
                page.next = filter.limit == 0 ? filter.after : raw(page.items.back().state.key);
                break;
            }
            page.items.push_back(with_definition(job_row(query).state));
        }
        return page;
    });
}

Page<JobAuthor> ReadSnapshot::authors(std::size_t limit, std::int64_t after_key) {
    return guarded([&] {
        Query query = db_->query(
            "SELECT j.key,j.id,j.func,coalesce(r.by,0) FROM job j JOIN job_rev r ON r.job_key=j.key AND r.rev=j.rev"
            " WHERE j.key>? AND j.status IN (0,1,3) ORDER BY j.key LIMIT ?");
        query.bind(after_key, limit + 1);
        Page<JobAuthor> page;
        for (std::int64_t last = after_key; query.next(); last = query.integer(0)) {
            if (page.items.size() == limit) {
                page.next = last;
                break;
            }
            page.items.push_back({query.text(1), query.text(2), query.integer(3)});
        }
        return page;
    });
}

Page<Job> ReadSnapshot::jobs_by_next_fire(std::size_t limit, std::size_t max_bytes) {
    return guarded([&] {
        Page<Job> page;
        std::size_t bytes = 0;
        const auto take = [&](Query query) {
            query.bind(limit + 1);
            while (!page.next && query.next()) {
                if (page.items.size() == limit || bytes >= max_bytes) {
                    page.next = query.integer(0);
                    break;
                }
                page.items.push_back(with_definition(job_row(query).state));
                bytes += page.items.back().definition.args.size() + page.items.back().definition.kwargs.size();
            }
        };
        take(db_->query("SELECT " FOLIOT_JOB_COLUMNS " FROM job j WHERE j.next_fire IS NOT NULL AND j.status IN (0,1,3)"
                        " ORDER BY j.next_fire,j.key LIMIT ?"));
        if (page.next) return page;
        take(db_->query("SELECT " FOLIOT_JOB_COLUMNS
                        " FROM job j INDEXED BY job_name WHERE j.next_fire IS NULL AND j.status IN (0,1,3)"
                        " ORDER BY j.id LIMIT ?"));
        return page;
    });
}

std::optional<RunView> ReadSnapshot::run(RunId id) {
    return guarded([&] { return find_run(*db_, definitions_, id); });
}

Page<RunView> ReadSnapshot::runs(const RunFilter& filter) {
    return guarded([&] { return page_of_runs(*db_, definitions_, filter); });
}

std::int64_t ReadSnapshot::count_bad_runs(const RunFilter& filter) {
    return guarded([&] { return sqlite::count_bad_runs(*db_, filter); });
}

std::optional<RunView> ReadSnapshot::row_covering(JobKey key, Micros nominal) {
    return guarded([&] { return run_covering(*db_, definitions_, key, nominal); });
}

std::optional<RunView> ReadSnapshot::last_row(JobKey key) {
    return guarded([&] { return last_accounting_run(*db_, definitions_, key); });
}

std::vector<RunView> ReadSnapshot::rows_at(JobKey key, Micros nominal) {
    return guarded([&] { return runs_at(*db_, definitions_, key, nominal); });
}

std::vector<RunView> ReadSnapshot::live_runs(JobKey key, std::size_t limit) {
    return guarded([&] { return live_runs_of(*db_, definitions_, key, limit); });
}

UnnotedRuns ReadSnapshot::unnoted_runs(std::string_view module, const std::optional<ReadyPlace>& after,
                                       std::size_t look_at) {
    return guarded([&] { return unnoted_ready_runs(*db_, definitions_, {module, after, look_at}); });
}

std::vector<OutputChunk> ReadSnapshot::output(RunId id) {
    return guarded([&] {
        Query query = db_->query("SELECT pieces FROM execution_output WHERE exec=?");
        query.bind(id);
        return query.next() ? unpacked(query.text(0)) : std::vector<OutputChunk>{};
    });
}

Page<AuditEntry> ReadSnapshot::audit(const AuditFilter& filter) {
    return guarded([&] { return page_of_audit(*db_, filter); });
}

EngineState ReadSnapshot::engine_state() {
    return guarded([&] { return sqlite::engine_state(*db_); });
}

namespace {

#define FOLIOT_MODULE "SELECT name,path,identity,version,status,problem,meta,at FROM module"

ModuleRecord module_record(const Query& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6), row.integer(7)};
}

}  // namespace

std::vector<ModuleRecord> ReadSnapshot::modules() {
    return guarded([&] {
        Query query = db_->query(FOLIOT_MODULE " ORDER BY name");
        std::vector<ModuleRecord> modules;
        while (query.next()) modules.push_back(module_record(query));
        return modules;
    });
}

std::optional<ModuleRecord> ReadSnapshot::module(std::int64_t row) {
    return guarded([&]() -> std::optional<ModuleRecord> {
        Query query = db_->query(FOLIOT_MODULE " WHERE rowid=?");
        if (!query.bind(row).next()) return std::nullopt;
        return module_record(query);
    });
}

std::vector<SlotView> ReadSnapshot::slots() {
    return guarded([&] {
        Query query = db_->query("SELECT k,cap,used FROM slot ORDER BY k");
        std::vector<SlotView> slots;
        while (query.next()) slots.push_back({query.text(0), query.integer(1), query.integer(2)});
        return slots;
    });
}

/// Each has an index of its own.
Queue ReadSnapshot::queue(std::int64_t most) {
    return guarded([&] {
        const auto count = [&](Sql rows) { return db_->query(rows).bind(most).number(); };
        return Queue{count("SELECT count(*) FROM (SELECT 1 FROM execution WHERE state=0 LIMIT ?)"),
                     count("SELECT count(*) FROM (SELECT 1 FROM execution WHERE state=1 LIMIT ?)"),
                     count("SELECT count(*) FROM (SELECT 1 FROM execution WHERE state=2 LIMIT ?)")};
    });
}

std::string ReadSnapshot::setting(std::string_view key) {
    return guarded([&] { return get_setting(*db_, key).value_or(""); });
}

std::int64_t ReadSnapshot::fires_accounted(JobKey key) {
    return guarded([&] {
        return db_
            ->query(
                "SELECT coalesce((SELECT sum(fires) FROM execution WHERE job_key=?1),0)"
                "+coalesce((SELECT fires_pruned FROM job WHERE key=?1),0)")
            .bind(key)
            .number();
    });
}

}  // namespace foliot::store::sqlite
