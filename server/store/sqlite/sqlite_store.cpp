#include "store/sqlite/sqlite_store.hpp"

#include "base/error.hpp"
#include "base/file_lock.hpp"
#include "base/log.hpp"
#include "store/sqlite/meta.hpp"
#include "store/sqlite/recovery.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/snapshot.hpp"
#include "store/sqlite/turn.hpp"
#include "store/sqlite/tx.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace foliot::store::sqlite {
namespace {

constexpr std::int32_t kNode = 1;  // a file has one server
constexpr std::int64_t kPageSize = 4096;
constexpr std::chrono::milliseconds kReaderPatience{500};

/// SQLite gives its other files the permissions of this one. One that is there is not opened: closing it would drop
/// the locks of this process on it (fcntl(2)).
void create_private(const std::filesystem::path& file) {
    if (std::filesystem::exists(file)) return;
    const Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!fd) throw_errno("cannot open the database " + file.string());
}

/// By whatever name, a file has one lock: links are followed, and a second hard name is refused, as SQLite would then
/// have two journals for it (sqlite.org/howtocorrupt.html, 2.5).
Fd lock_database(const std::filesystem::path& file) {
    const std::filesystem::path real = std::filesystem::canonical(file);
    Fd lock = lock_for_one_server(real.string() + ".lock", file.string());
    if (std::filesystem::hard_link_count(real) == 1) return lock;
    throw std::runtime_error("the database " + real.string() +
                             " has several names (hard links): remove all but one, or copy it");
}

std::int64_t epoch_of(Connection& db, std::int32_t node) {
    Query query = db.query("SELECT epoch FROM node WHERE id=?");
    return query.bind(node).next() ? query.integer(0) : 0;
}

}  // namespace

struct SqliteStore::Opened {
    explicit Opened(const std::filesystem::path& file) {
        create_private(file);
        lock = lock_database(file);
        db = std::make_unique<Connection>(file, Connection::Mode::writer);
        migrate(*db, file);
        key = public_key(*db);
        last_id = largest_id(*db);
    }
    Fd lock;
    std::unique_ptr<Connection> db;
    PublicIds::Key key{};
    std::int64_t last_id = 0;
};

SqliteStore::SqliteStore(const SqliteOptions& options, const Clock& clock)
    : SqliteStore(options, clock, Opened(options.file)) {}

SqliteStore::SqliteStore(const SqliteOptions& options, const Clock& clock, Opened opened)
    : options_(options),
      clock_(clock),
      lock_(std::move(opened.lock)),
      public_ids_(opened.key),
      ids_(clock, static_cast<unsigned>(kNode), opened.last_id),
      readers_(options.file),
      wal_limit_pages_(static_cast<std::int64_t>(options.wal_limit) / kPageSize),
      checkpointer_(options.file),
      writer_(
          options.file, clock, definitions_, ids_, std::move(opened.db),
          [this](std::vector<Event>& events, std::vector<StopOrder>& stops) { committed(events, stops); },
          [this] {
              tell({{Event::Kind::disk_full, 0}});
          }) {}

bool SqliteStore::ledger_changed(const NodeInfo& node) {
    const Reading db(readers_);
    Query query = db->query("SELECT ledger FROM node WHERE id=?");
    return query.bind(kNode).next() && query.text(0) != node.ledger;
}

Micros SqliteStore::last_seen() {
    const Reading db(readers_);
    return number_meta(*db, "last_seen", 0);
}

Fence SqliteStore::join(const NodeInfo& node) {
    Fence fence{kNode, 0};
    writer_.run(Unit::Kind::api, [&](Work& work) {
        fence.epoch = work.ids.next();
        // The ledger of an earlier life stays until its runs are judged by it: see recover().
        work.db
            .query(
                "INSERT INTO node(id,name,epoch,ledger,beat,draining) VALUES(?,?,?,?,?,0) ON CONFLICT(id) DO UPDATE "
                "SET "
                "name=excluded.name,epoch=excluded.epoch,beat=excluded.beat,draining=0")
            .bind(fence.node, node.name, fence.epoch, node.ledger, work.now)
            .run();
        set_meta(work.db, "awake_since", std::to_string(work.now));
        // Notes of why a run waits are of one life: what was missing then may be there now.
        work.db.query("UPDATE execution SET reason=NULL WHERE state=2 AND reason IS NOT NULL").run();
    });
    ledger_ = node.ledger;
    return fence;
}

Recovered SqliteStore::recover(const Fence& fence, const LedgerLookup& ledger, bool nothing_proven) {
    Recovered recovered;
    writer_.run(Unit::Kind::api, [&](Work& work) {
        if (epoch_of(work.db, fence.node) != fence.epoch) {
            throw Refused(Refused::Why::stale, "another server has joined as this node since");
        }
        recovered = recover_runs(work, fence, ledger, nothing_proven);
        work.db.query("UPDATE node SET ledger=? WHERE id=?").bind(ledger_, fence.node).run();
    });
    return recovered;
}

TurnOut SqliteStore::turn(const Fence& fence, const TurnIn& in, const Planner& planner) {
    const std::lock_guard one(turn_mutex_);
    TurnOut out;
    std::size_t delivered = 0;
    Micros seen = 0;
    const auto unit = [&](Work& work) {
        out = {};
        {
            const std::lock_guard lock(mutex_);
            out.stops = stops_;
            delivered = stops_.size();
        }
        seen = work.now;
        TurnOut result = run_turn(work, fence, in, planner);
        result.stops = std::move(out.stops);
        result.stops.insert(result.stops.end(), work.stops.begin(), work.stops.end());
        work.stops.clear();
        out = std::move(result);
    };
    try {
        writer_.run(Unit::Kind::turn, unit);
    } catch (...) {
        claims_held_ = true;
        throw;
    }
    if (is_news(seen, in)) last_seen_ = seen;
    const std::lock_guard lock(mutex_);
    stops_.erase(stops_.begin(), stops_.begin() + static_cast<std::ptrdiff_t>(delivered));
    return out;
}

/// Is last_seen to be stored? An earlier one only when what it means for the jobs is stored, too.
bool SqliteStore::is_news(Micros now, const TurnIn& in) const {
    return !in.step_back_unsettled && (now - last_seen_ >= kSecond || now < last_seen_);
}

TurnOut SqliteStore::run_turn(Work& work, const Fence& fence, const TurnIn& in, const Planner& planner) {
    TurnOut out;
    if (epoch_of(work.db, fence.node) != fence.epoch) {
        for (const Finished& end : in.finished) out.fenced_off.push_back(end.run);
        return out;
    }
    if (is_news(work.now, in)) set_meta(work.db, "last_seen", std::to_string(work.now));
    if (in.awake) set_meta(work.db, "awake_since", std::to_string(work.now));
    claims_held_ = !in.claim;  // units of the same commit come after
    Slots slots(work);
    out.fenced_off = book_reports(work, in, slots);
    if (!in.claim) {
        slots.store();
        return out;
    }
    const EngineState engine = engine_state(work.db);
    const bool running = engine == EngineState::running;
    const Micros awake = awake_since(work.db);
    const bool more_waiting = running && admit_waiting(work, awake);
    Claims(work, {fence, in, planner, awake, engine, turns_, slots}).run(out);
    slots.store();
    // Claims are forgotten with their runs; after a restart with the clock set back they must not come again.
    if (!out.assigned.empty()) set_meta(work.db, "last_id", std::to_string(work.ids.next()));
    if (!running) return out;
    out.more = out.more || more_waiting;
    Query next = work.db.query(
        "SELECT (SELECT min(next_fire) FROM job WHERE next_fire IS NOT NULL),"
        "(SELECT min(due) FROM execution WHERE state=0)");
    next.next();
    out.next_wake = next.maybe(0);
    if (const auto due = next.maybe(1); due && (!out.next_wake || *due < *out.next_wake)) out.next_wake = due;
    return out;
}

void SqliteStore::write(Class cls, const std::function<void(Tx&)>& unit) {
    writer_.run(cls == Class::api ? Unit::Kind::api : Unit::Kind::bulk, [&](Work& work) {
        UnitTx tx(work, {public_ids_, kNode, cls == Class::api ? refusal() : std::string(), claims_held_});
        unit(tx);
    });
}

void SqliteStore::refuse_changes(const std::string& why) {
    const std::lock_guard lock(mutex_);
    refusal_ = why;
}

std::string SqliteStore::refusal() {
    const std::lock_guard lock(mutex_);
    return refusal_;
}

Pruned SqliteStore::prune(const Retention& retention) {
    const std::lock_guard one(prune_mutex_);
    Pruned out;
    Pruner after;
    writer_.run(Unit::Kind::bulk, [&](Work& work) {
        after = pruner_;  // as it was, should the commit fail
        out = after.run(work, retention, clock_);
    });
    pruner_ = std::move(after);
    return out;
}

std::unique_ptr<Snapshot> SqliteStore::read() { return std::make_unique<ReadSnapshot>(readers_, definitions_, clock_); }

void SqliteStore::subscribe(std::function<void(const Event&)> listener) {
    const std::lock_guard lock(mutex_);
    listeners_.push_back(std::move(listener));
}

void SqliteStore::committed(std::vector<Event>& events, std::vector<StopOrder>& stops) {
    {
        const std::lock_guard lock(mutex_);
        stops_.insert(stops_.end(), stops.begin(), stops.end());
    }
    if (!events.empty()) tell(events);
    checkpointer_.committed();
    trim_wal();
}

void SqliteStore::tell(const std::vector<Event>& events) {
    std::vector<std::function<void(const Event&)>> listeners;
    {
        const std::lock_guard lock(mutex_);
        listeners = listeners_;
    }
    for (const auto& listener : listeners) {
        for (const Event& event : events) listener(event);
    }
}

void SqliteStore::trim_wal() {
    if (writer_.wal_pages() <= wal_limit_pages_) return;
    bool trimmed = false;
    if (readers_.close_gate(kReaderPatience)) {
        trimmed = writer_.truncate_wal();
        readers_.open_gate();
    }
    const std::int64_t limit = static_cast<std::int64_t>(options_.wal_limit) / kPageSize;
    // A backup may be reading for minutes: not each commit is to wait for it.
    wal_limit_pages_ = trimmed ? limit : writer_.wal_pages() + limit / 4;
}

void SqliteStore::backup_to(const std::filesystem::path& file) {
    const Fd created(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!created) throw_errno("cannot create the backup " + file.string());
    try {
        Connection db(options_.file, Connection::Mode::reader);
        const std::string name = file.string();
        db.execute("PRAGMA query_only=0");
        db.query("VACUUM INTO ?").bind(name).run();
        if (::fsync(created.get()) != 0) throw_errno("cannot sync the backup " + name);
    } catch (...) {
        ::unlink(file.c_str());
        throw;
    }
}

}  // namespace foliot::store::sqlite

namespace foliot::store {

std::unique_ptr<Store> open_sqlite(const SqliteOptions& options, const Clock& clock) {
    return std::make_unique<sqlite::SqliteStore>(options, clock);
}

int schema_version() { return sqlite::schema_version(); }

}  // namespace foliot::store
