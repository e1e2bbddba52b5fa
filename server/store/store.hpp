// The store: jobs, executions, users and settings, durably. No SQL, savepoint or session crosses this line.
//
// A commit is an engine turn, if one is waiting, plus as many units of work as fit; each caller learns its own fate and
// only after the commit. Thread-safe throughout. All instants are UTC microseconds.
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/execution.hpp"
#include "domain/job.hpp"
#include "domain/output.hpp"
#include "domain/planner.hpp"
#include "store/accounts.hpp"
#include "store/hooks.hpp"
#include "store/page.hpp"
#include "store/schedules.hpp"
#include "store/tally.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::store {

/// Membership of one server process; every join gets a new epoch, and what carries an old one changes nothing.
struct Fence {
    std::int32_t node = 0;
    std::int64_t epoch = 0;
};

/// Nothing was changed: disk full, I/O error, corruption. The next call may succeed.
struct StoreUnavailable : std::runtime_error {
    using runtime_error::runtime_error;
};
/// The answer to COMMIT was lost. Look up by your own id.
struct CommitUnknown : std::runtime_error {
    using runtime_error::runtime_error;
};
/// The unit was refused; it and its audit row are gone, its neighbours are not.
struct Refused : std::runtime_error {
    enum class Why { conflict, stale, missing, queue_full };
    Refused(Why w, const std::string& text) : runtime_error(text), why(w) {}
    Why why;
};

// ---- turn

using Planner = std::function<FirePlan(const DueJob&, Micros now, Micros awake_since)>;  // pure, may be re-run

/// How far a run says that it is.
struct Progress {
    std::optional<double> fraction;  ///< 0 to 1; nothing: it cannot tell
    std::string note;                ///< UTF-8, 4 KiB at most
    bool operator==(const Progress&) const = default;
};

struct Finished {
    RunId run{};
    std::int64_t claim = 0;
    Verdict verdict;
    std::optional<NextAttempt> next;  ///< insert a linked waiting row
    std::int32_t pid = 0;
    Micros started = 0, ended = 0;  ///< started 0: job code never began
    std::string module_version;
    std::vector<OutputChunk> output;
    std::optional<Progress> progress{};  ///< the last one, if there was any
};
struct Started {
    RunId run{};
    std::int64_t claim = 0;
    std::int32_t pid = 0;
    Micros at = 0;
};
struct Progressed {
    std::int64_t claim = 0;
    Progress progress;
};
struct GivenBack {
    RunId run{};
    std::int64_t claim = 0;
};
/// Free places. A run takes one of its module's places, else one that any may take. The last of these are kept for
/// modules that hold none, since nobody can be made to give one back.
struct Room {
    struct Lane {
        std::int64_t lane;  ///< of a module
        int places;
    };
    std::vector<Lane> lanes;
    int any = 0;
    int kept = 0;                         ///< so many of `any`
    std::vector<std::int64_t> holders{};  ///< lanes of modules that hold a place for long
};

struct TurnIn {  // what the runner learned since the last turn
    std::vector<Finished> finished;
    std::vector<Started> started;            ///< only runs older than 20 ms
    std::map<RunId, Progressed> progressed;  ///< likewise, the last word of each
    std::vector<GivenBack> given_back;       ///< recalled or never started: back to ready, same attempt
    Room room;
    int max_jobs = 512;                   ///< due jobs claimed in one turn
    bool claim = true;                    ///< false: store what was learned; plan, queue and start nothing
    std::set<std::string> unavailable{};  ///< modules whose runs are planned and queued, not started
    /// A step back of the clock was accepted and not all that must be moved for it is: last_seen stays what it was, so
    /// that a server that dies now finds its clock suspect again.
    bool step_back_unsettled = false;
    bool awake = false;  ///< until now nobody could claim (or the clock jumped): what was due before is late
};

/// A run that was given a place. Durable; each claim number leaves the store once.
struct Assigned {
    RunId run{};
    std::int64_t claim = 0;
    JobKey job{};
    std::string job_id;
    std::int64_t lane = 0;  ///< of its module
    std::shared_ptr<const Definition> def;
    std::optional<std::string> args, kwargs;  ///< of this run only (run-now with other arguments)
    Micros nominal = 0;                       ///< the wire's scheduled time for the job code
    int attempt = 1;
    Origin origin = Origin::fire;
    Micros deadline = 0;  ///< the run must have ended by then; 0: none
    int snoozes = 0;      ///< in a row before this run
    Micros due = 0;       ///< when it could have started at the earliest
};
struct StopOrder {
    RunId run{};
    StopWhy why = StopWhy::user;
};
struct TurnOut {
    std::vector<Assigned> assigned;
    std::vector<RunId> fenced_off;  ///< finishes refused: someone else ended them
    std::vector<StopOrder> stops;
    std::optional<Micros> next_wake;  ///< the earliest next_fire or due retry
    bool more = false;                ///< stopped at max_jobs; call again at once
};

// ---- units of work

enum class EngineState { running = 0, paused = 1, stopped = 2 };

/// What put_job expects to find under that id.
struct ExpectedRev {
    enum class Kind { absent, any, exact } kind = Kind::absent;
    std::int64_t rev = 0;
    static ExpectedRev absent() { return {}; }
    static ExpectedRev any() { return {Kind::any, 0}; }
    static ExpectedRev exact(std::int64_t rev) { return {Kind::exact, rev}; }
};

struct JobWrite {
    std::string id;  ///< "": a new job that has its own public id, dashed
    Definition def;
    std::optional<Arming> arming;  ///< new job, or new trigger; nothing: an edit that leaves the times alone
    bool paused = false;           ///< for a new job: starts paused. An edit keeps the job's status
    std::int64_t by = 0;           ///< account; 0: the server itself, and who saved the job before stays its author
};

struct ManualRun {
    std::optional<std::string> args, kwargs;  ///< JSON; nothing: the job's own
    /// The next attempt of that execution, linked to it: the one that waits for its time is brought forward, else one
    /// is made. Refused{conflict} when the execution lives or succeeded, or another attempt came after it.
    std::optional<RunId> retry_of;
};

/// How many runs may be with workers at once (assigned, running, stopping); a run that finds one of its limits full
/// waits. 0 in `running`: no limit in all; the others are at least 1.
struct RunLimits {
    std::int64_t running = 0;
    std::map<std::string, std::int64_t> modules, tags;
    bool operator==(const RunLimits&) const = default;
};

/// A limit and how much of it is taken.
struct SlotView {
    std::string key;  ///< "running", "module:NAME", "tag:NAME"
    std::int64_t cap = 0, used = 0;
    bool operator==(const SlotView&) const = default;
};

struct AuditEntry {
    std::int64_t id = 0;         ///< set by the store; carries the time
    std::string actor{}, via{};  ///< user name; dialect ("apscheduler", "api", "system")
    std::string event{};         ///< added, modified, deleted, paused, resumed, custom_run, ...
    std::string kind{}, ref{};   ///< "job", "user", "group", "token", "scheduler"; its id
    JobKey job{};                ///< 0: none
    std::string name{};
    std::string before{}, after{};  ///< readable text or JSON; may be empty
};

struct ModuleRecord {
    std::string name, path, identity, version, status, problem, meta;
    Micros at = 0;
    bool operator==(const ModuleRecord&) const = default;
};

/// An Idempotency-Key of an account's request.
struct IdempotencyKey {
    std::int64_t account = 0;
    std::string key;
};
/// What became of the first request with a key. Kept for a day at least.
struct KeyUse {
    std::string body_hash;  ///< of what was asked
    std::string ref;        ///< id of what was made
    bool operator==(const KeyUse&) const = default;
};

struct Event {
    enum class Kind {
        job_changed,
        run_ready,
        stop_requested,
        engine_state,
        accounts_changed,
        disk_full,  ///< the one event of a commit that failed
        /// For those who watch: its row was made or changed, however. Once in a unit or turn; not for pruning.
        run_touched,
        job_touched,
        module_touched,    ///< a row of the catalogue; for Snapshot::module()
        ending_noted,      ///< Hooks::endings() has some
        delivery_queued,   ///< to a webhook
        delivery_dropped,  ///< there was no room
    } kind = Kind::job_changed;
    std::int64_t ref = 0;  ///< job key, run id or account (0: several)
};

class Settings {
  public:
    virtual ~Settings() = default;
    virtual EngineState engine_state() = 0;
    virtual void set_engine_state(EngineState state) = 0;              ///< running again resets awake_since
    virtual void set_draining(bool draining) = 0;                      ///< of this node, until it joins again
    virtual std::optional<std::string> get(std::string_view key) = 0;  ///< small values of our own
    virtual void set(std::string_view key, std::string_view value) = 0;
};

/// One unit of work: all of it or nothing, with its audit row. Use it only inside write(), on that thread.
class Tx {
  public:
    virtual ~Tx() = default;
    virtual Micros now() = 0;
    virtual std::optional<Job> job(std::string_view id) = 0;  ///< unfinished jobs (active, paused, broken)
    virtual std::optional<Job> job(JobKey key) = 0;           ///< any status
    virtual const PublicIds& public_ids() = 0;                ///< Store's
    /// Nobody can claim what is due: the scheduler is paused or stopped, or this node's last turn claimed nothing or
    /// failed. What is due then is not to be judged yet, for it will be late only once claims go on.
    virtual bool claims_held() = 0;
    /// Plans and books every fire up to now, so that what follows changes no past. Plan with the job as stored. While
    /// claims are held, awake_since is now.
    virtual void settle(JobKey key, const Planner& planner) = 0;
    virtual JobKey put_job(const JobWrite& write, ExpectedRev expected) = 0;  ///< Refused{conflict|stale|missing}
    virtual void pause(JobKey key) = 0;                         ///< next_fire goes, paused_at is set; idempotent
    virtual void resume(JobKey key, const Arming& arming) = 0;  ///< idempotent
    virtual void set_next_fire(JobKey key, const Arming& arming) = 0;
    /// The last unit for a step back of the clock that was accepted. Runs that wait for their time come so much
    /// earlier, but not before now, since the clock they were planned by was ahead; and last_seen is now.
    virtual void settle_step_back(Micros by) = 0;
    virtual void remove(JobKey key) = 0;  ///< live queued runs become stopped, running ones go on
    virtual RunId run_now(JobKey key, const ManualRun& run) = 0;             ///< ready or blocked; Refused{queue_full}
    virtual std::shared_ptr<const Definition> definition_of(RunId run) = 0;  ///< as it was when the run was planned
    /// False when it has ended already. A queued run is stopped here; a started one becomes stopping and a StopOrder.
    virtual bool request_stop(RunId run, StopWhy why) = 0;
    /// Why a ready run waits, until it starts or the server is started anew; "": nothing to say. Else nothing happens.
    virtual void note_wait(RunId run, std::string_view reason) = 0;
    /// Ends a ready run that did not start in time: `missed` or `timeout`. Nothing happens when it is not ready (any
    /// more).
    virtual void end_ready(RunId run, RunState state, std::string_view reason, std::string_view error) = 0;
    virtual Accounts& accounts() = 0;
    virtual Schedules& schedules() = 0;
    virtual Hooks& hooks() = 0;
    virtual Settings& settings() = 0;
    virtual void set_limits(const RunLimits& limits) = 0;  ///< these and no others; runs that are under way count
    virtual void put_module(const ModuleRecord& record) = 0;
    virtual void remove_module(std::string_view name) = 0;
    virtual std::optional<KeyUse> key_use(const IdempotencyKey& key) = 0;
    virtual void note_key_use(const IdempotencyKey& key, const KeyUse& use) = 0;  ///< in the unit that it is of
    virtual void audit(const AuditEntry& entry) = 0;  ///< mandatory in a unit that changes anything for a user
    virtual void after_commit(Event event) = 0;       ///< the only side effect
};

// ---- reading

struct RunView {
    RunId id{};
    JobKey job{};
    std::string job_id;
    std::int64_t rev = 0;
    std::shared_ptr<const Definition> def;  ///< as it was for this run
    RunState state = RunState::waiting;
    Micros nominal = 0, first_nominal = 0, due = 0, updated = 0;
    std::int64_t fires = 0;
    int attempt = 1;
    Origin origin = Origin::fire;
    std::optional<std::int32_t> node, pid;
    std::optional<Micros> started, ended;
    std::string reason, error;
    std::optional<std::string> result;  ///< JSON, verbatim; nothing before the end
    std::optional<std::string> args, kwargs;
    std::string module_version;
    std::optional<Progress> progress{};
    std::optional<RunId> parent;
    Micros since = 0;  ///< from when its deadline counts, over all attempts
    Micros created() const { return IdGenerator::time_of(raw(id)); }
};

/// A job and what its row alone cannot tell.
struct JobRecord {
    Job job;
    std::optional<Micros> gone_at;  ///< when it finished or was deleted
    std::int64_t fires_pruned = 0;  ///< fires that were accounted for by rows that are gone
    /// Who saved its first and its present definition, and when (0: the server itself, or pruned).
    std::int64_t created_by = 0, updated_by = 0;
    Micros updated = 0;
};

/// Jobs of one function, finished ones too, the newest first. At most one of the bounds.
struct RecordFilter {
    std::string func;  ///< "module:function"
    std::size_t limit = 1'000;
    std::optional<JobKey> before{};  ///< only older ones
    std::optional<JobKey> after{};   ///< only newer ones, those next to it
};

/// Who saved a job as it is.
struct JobAuthor {
    std::string id, func;  ///< func: "module:function"
    std::int64_t account = 0;
};

struct JobFilter {
    std::size_t limit = 10'000;
    std::int64_t after = 0;                                    ///< job key
    Micros cursor_after = std::numeric_limits<Micros>::min();  ///< only those that account for fires after that
};
struct RunFilter {
    std::optional<JobKey> job;
    std::vector<RunState> states{};     ///< any of them; empty: all
    std::optional<Micros> from, until;  ///< by creation, both ends included
    std::size_t limit = 10'000;
    std::optional<std::int64_t> before;   ///< run id, from Page::next; of one job's runs it must still be there
    std::optional<std::string> job_id{};  ///< all jobs that have or had it, those made last first
    std::size_t max_bytes =
        std::numeric_limits<std::size_t>::max();  ///< of texts on a page, which has one run at least
    std::optional<std::string> func{};            ///< of jobs with that function now, "module:function"
    bool last_attempts = false;           ///< only those that no other attempt came after, of jobs that are there
    std::optional<std::int64_t> after{};  ///< run id: only newer ones, those next to it; instead of `before`
};
struct AuditFilter {
    std::size_t limit = 10'000;
    std::optional<std::int64_t> before{};   ///< id, from Page::next
    std::optional<Micros> from{}, until{};  ///< both ends included
    bool of_accounts = true;                ///< with what was done to users, groups and tokens
    std::size_t max_bytes =
        std::numeric_limits<std::size_t>::max();  ///< of texts on a page, which has one entry at least
};

/// A consistent view. Keep it short: it is refused after 250 ms (throws StoreUnavailable), a call that goes on for 2 s
/// beyond that is cut off, and no socket is written while one is open. Use it on one thread.
/// How far somebody has come who goes through the ready runs of a module, in the order in which they start.
struct ReadyPlace {
    std::int64_t lane = 0;
    int prio = 0;
    Micros due = 0;
    RunId run{};
};
struct UnnotedRuns {
    std::vector<RunView> runs;
    std::optional<ReadyPlace> next{};  ///< there may be more behind it
};

class Snapshot {
  public:
    virtual ~Snapshot() = default;
    virtual std::optional<Job> job(std::string_view id) = 0;  ///< unfinished
    virtual std::optional<Job> job(JobKey key) = 0;           ///< any status
    /// The last one made under that id, finished and deleted ones too.
    virtual std::optional<JobRecord> latest_job(std::string_view id) = 0;
    virtual std::optional<JobRecord> job_record(JobKey key) = 0;  ///< but for deleted ones
    virtual std::vector<JobRecord> job_records(const RecordFilter& filter) = 0;
    virtual std::int64_t count_job_records(std::string_view func) = 0;
    virtual Page<Job> jobs(const JobFilter& filter) = 0;                             ///< unfinished, by key
    virtual Page<JobAuthor> authors(std::size_t limit, std::int64_t after_key) = 0;  ///< likewise
    /// Unfinished, by next fire, then those that have none; `next` is set when there are more. No more than `max_bytes`
    /// of arguments.
    virtual Page<Job> jobs_by_next_fire(std::size_t limit, std::size_t max_bytes) = 0;
    virtual std::optional<RunView> run(RunId id) = 0;
    virtual Page<RunView> runs(const RunFilter& filter) = 0;  ///< newest first; of a job by nominal time
    /// Those in bad ends that are on any page of the filter.
    virtual std::int64_t count_bad_runs(const RunFilter& filter) = 0;
    virtual std::vector<OutputChunk> output(RunId id) = 0;
    virtual std::optional<RunView> row_covering(JobKey key, Micros nominal) = 0;  ///< of those that account for fires
    virtual std::optional<RunView> last_row(JobKey key) = 0;                      ///< that accounts for fires
    virtual std::vector<RunView> rows_at(JobKey key, Micros nominal) = 0;         ///< in order of birth, 1,000 at most
    virtual std::vector<RunView> live_runs(JobKey key, std::size_t limit) = 0;    ///< blocked ones last, then by due
    /// Of the module's next `look_at` ready runs those that no wait is noted of; nothing: from the first one on.
    virtual UnnotedRuns unnoted_runs(std::string_view module, const std::optional<ReadyPlace>& after,
                                     std::size_t look_at) = 0;
    virtual Page<AuditEntry> audit(const AuditFilter& filter) = 0;  ///< newest first
    virtual AccountReader& accounts() = 0;
    virtual ScheduleReader& schedules() = 0;
    virtual HookReader& hooks() = 0;
    virtual EngineState engine_state() = 0;
    virtual std::vector<ModuleRecord> modules() = 0;
    virtual std::optional<ModuleRecord> module(std::int64_t row) = 0;  ///< by the ref of Event::Kind::module_touched
    virtual std::vector<SlotView> slots() = 0;                         ///< the limits, by key
    virtual Queue queue(std::int64_t most) = 0;                        ///< each counted up to `most`
    virtual std::string setting(std::string_view key) = 0;             ///< "" when unset
    /// Sum of fires that history accounts for, pruned ones included; for the accounting invariant.
    virtual std::int64_t fires_accounted(JobKey key) = 0;
};

// ---- the store

struct NodeInfo {
    std::string name;
    std::string ledger;  ///< id of its start ledger
};

/// What the start ledger says of runs that an earlier life of this node left behind. Ask only when its workers are
/// dead.
enum class LedgerSays { unknown, not_started, started, ended };
struct LedgerEntry {
    LedgerSays says = LedgerSays::unknown;
    Outcome outcome = Outcome::ok;  ///< with `ended`
    Micros started = 0, ended = 0;
};
using LedgerLookup = std::function<LedgerEntry(RunId, std::int64_t claim)>;

/// How much history to keep; 0: no limit. What is live, and a row that still grows, stays whatever its age.
struct Retention {
    Micros max_age = 0;                 ///< of executions, since they ended; of gone jobs, once no execution is left
    std::int64_t max_rows = 0;          ///< executions in all; the oldest go
    std::int64_t max_rows_per_job = 0;  ///< the earliest nominal times go
    Micros audit_max_age = 0;
};
struct Pruned {
    std::int64_t rows = 0;  ///< removed, of whatever kind
    bool more = false;      ///< call again: this was one small unit of a longer way
};

struct Recovered {
    int requeued = 0, lost = 0, ended = 0;
};

class Store {
  public:
    enum class Class { api, bulk };
    virtual ~Store() = default;

    virtual Micros now() = 0;  ///< the injected clock
    virtual Fence join(const NodeInfo& node) = 0;
    /// Judges this node's runs in assigned, running, stopping: not started -> ready, same attempt; ended -> its
    /// outcome; else failed/lost with a retry by policy. `nothing_proven`: all are lost, whatever
    /// the ledger at hand says.
    virtual Recovered recover(const Fence& fence, const LedgerLookup& ledger, bool nothing_proven) = 0;
    virtual bool ledger_changed(const NodeInfo& node) = 0;  ///< since this node's last recovery
    virtual Micros last_seen() = 0;                         ///< the clock at the last turn, to about a second; 0: none
    virtual TurnOut turn(const Fence& fence, const TurnIn& in,
                         const Planner& planner) = 0;  ///< exactly one transaction
    /// Runs `unit` 0..n times, returns after the commit; rethrows what the unit threw (then nothing of it happened).
    virtual void write(Class cls, const std::function<void(Tx&)>& unit) = 0;
    /// From now on units of class api that change jobs or add runs are refused: StoreUnavailable with this text. "":
    /// none is.
    virtual void refuse_changes(const std::string& why) = 0;
    /// One bulk unit of a few milliseconds. The fires of removed executions stay in the books of their job.
    virtual Pruned prune(const Retention& retention) = 0;
    virtual std::unique_ptr<Snapshot> read() = 0;  ///< sees all writes and turns that returned before
    virtual void subscribe(
        std::function<void(const Event&)> listener) = 0;  ///< after commit, on the committing thread; must not block
    virtual void backup_to(const std::filesystem::path& file) = 0;
    virtual const PublicIds& public_ids() = 0;  ///< keyed by this database
    virtual const Tally& tally() const = 0;     ///< as long as the store
};

struct SqliteOptions {
    std::filesystem::path file;          ///< its folder must exist
    std::size_t wal_limit = 64UL << 20;  ///< above it readers wait while the log is folded in
};
/// Opens or creates the database, migrates it to this version's schema. Throws std::runtime_error with the reason and
/// what to do: another server has it (InUse, base/file_lock.hpp), its schema is newer than this program, it cannot be
/// read.
std::unique_ptr<Store> open_sqlite(const SqliteOptions& options, const Clock& clock);

int schema_version();  ///< of the databases that this program makes; a newer one it does not open

}  // namespace foliot::store
