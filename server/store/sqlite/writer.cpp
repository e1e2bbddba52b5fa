#include "store/sqlite/writer.hpp"

#include "base/log.hpp"

#include <sqlite3.h>

namespace foliot::store::sqlite {
namespace {

constexpr Micros kApiTime = 2 * kMillisecond;

int remember_wal_size(void* pages, sqlite3*, const char*, int frames) {
    static_cast<std::atomic<std::int64_t>*>(pages)->store(frames);
    return SQLITE_OK;
}

/// After a failed COMMIT: only an error of syncing leaves a whole commit record in the log, of unknown durability.
bool may_have_been_committed(const SqlError& error) {
    return error.primary() == SQLITE_IOERR && error.code() != SQLITE_IOERR_WRITE;
}

}  // namespace

Writer::Writer(std::filesystem::path file, const Clock& clock, Definitions& definitions, IdGenerator& ids,
               std::unique_ptr<Connection> connection, Committed committed, DiskFull disk_full)
    : file_(std::move(file)),
      clock_(clock),
      definitions_(definitions),
      ids_(ids),
      committed_(std::move(committed)),
      disk_full_(std::move(disk_full)),
      db_(std::move(connection)),
      queue_([this](const std::vector<Unit*>& batch) { commit(batch); }) {
    observe();
}

void Writer::observe() {
    sqlite3_wal_hook(db_->handle(), remember_wal_size, &wal_pages_);
    touched_.watch(*db_);
}

void Writer::run(Unit::Kind kind, std::function<void(Work&)> work) {
    Unit unit;
    unit.kind = kind;
    unit.work = std::move(work);
    queue_.submit(unit);
}

void Writer::open() {
    if (!db_) {
        db_ = std::make_unique<Connection>(file_, Connection::Mode::writer);
        observe();
        max_pages_set_ = 0;
    }
    const std::int64_t wanted = max_pages_;
    if (wanted == max_pages_set_) return;
    const std::int64_t unlimited = 4'294'967'294;
    db_->query_text("PRAGMA max_page_count=" + std::to_string(wanted > 0 ? wanted : unlimited)).number();
    max_pages_set_ = wanted;
}

void Writer::limit_pages(std::int64_t pages) { max_pages_ = pages; }

void Writer::commit(const std::vector<Unit*>& batch) {
    Outcome outcome;
    const Micros begin = clock_.monotonic();
    try {
        open();
        db_->query("BEGIN IMMEDIATE").run();
        run_units(batch, outcome);
        finish_transaction();
    } catch (const CommitUnknown& error) {
        return abandon(batch, error);
    } catch (const std::exception& error) {
        return abandon(batch, StoreUnavailable(std::string("the database cannot be written: ") + error.what()));
    }
    count(outcome, begin);
    committed_(outcome.events, outcome.stops);
}

void Writer::count(const Outcome& outcome, Micros begin) {
    tally_.commits.add();
    tally_.commit_time.note(clock_.monotonic() - begin);
    tally_.units.add(outcome.units);
    tally_.refused_units.add(outcome.refused);
    outcome.happened.count_in(tally_, clock_.now());
}

void Writer::finish_transaction() {
    try {
        db_->query("COMMIT").run();
    } catch (const SqlError& error) {
        if (!may_have_been_committed(error)) throw;
        throw CommitUnknown(std::string("it is not known whether the database kept it: ") + error.what());
    }
}

void Writer::run_units(const std::vector<Unit*>& batch, Outcome& outcome) {
    Micros api_end = 0;
    for (Unit* unit : batch) {
        if (unit->kind == Unit::Kind::api) {
            const Micros now = clock_.monotonic();
            if (api_end == 0) api_end = now + kApiTime;
            if (now > api_end) continue;  // stays unsettled: next batch
        }
        run_unit(*unit, outcome);
        unit->settled = true;
    }
}

void Writer::run_unit(Unit& unit, Outcome& outcome) {
    Work work{*db_, definitions_, limits_, ids_, clock_.now(), {}, {}};
    touched_.forget();
    db_->query("SAVEPOINT unit").run();
    try {
        unit.work(work);
    } catch (const SqlError& error) {
        const auto constraint = std::current_exception();
        unit.error = error.is_constraint() ? constraint : std::make_exception_ptr(StoreUnavailable(error.what()));
    } catch (...) {
        unit.error = std::current_exception();
    }
    // A unit may have swallowed the error; SQLite may have ended the transaction on its own. Neighbours would then be
    // committed one by one, or not at all.
    if (db_->poisoned() || !db_->in_transaction())
        throw std::runtime_error("the transaction was lost (disk full or failing)");
    if (unit.error) {
        db_->query("ROLLBACK TO unit").run();
        if (work.wrote_definitions) definitions_.clear();
        limits_.forget();
    }
    db_->query("RELEASE unit").run();
    ++(unit.error ? outcome.refused : outcome.units);
    if (unit.error) return;
    if (work.is_watched) touched_.tell(work.events);
    outcome.events.insert(outcome.events.end(), work.events.begin(), work.events.end());
    outcome.stops.insert(outcome.stops.end(), work.stops.begin(), work.stops.end());
    outcome.happened.append(work.happened);
}

/// The whole batch failed: nobody may believe otherwise, whatever the unit itself said.
template <typename Error>
void Writer::abandon(const std::vector<Unit*>& batch, const Error& why) {
    const bool full = db_ && db_->disk_full();
    db_.reset();  // rolls back what is still open
    definitions_.clear();
    limits_.forget();
    log::error("commit-failed", why.what());
    tally_.failed_commits.add();
    if (full) disk_full_();
    for (Unit* unit : batch) {
        unit->error = std::make_exception_ptr(why);
        unit->settled = true;
    }
}

bool Writer::truncate_wal() {
    if (!db_) return false;
    sqlite3_busy_timeout(db_->handle(), 0);
    const int code = sqlite3_wal_checkpoint_v2(db_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_timeout(db_->handle(), 2000);
    if (code == SQLITE_OK) wal_pages_ = 0;
    return code == SQLITE_OK;
}

}  // namespace foliot::store::sqlite
