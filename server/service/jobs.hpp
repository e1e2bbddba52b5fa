// Use cases of jobs: each checks the caller's power, validates, and changes the store in one unit with its audit row.
#pragma once

#include "service/caller.hpp"
#include "service/functions.hpp"
#include "service/job_edit.hpp"
#include "service/privileged_modules.hpp"
#include "service/vault.hpp"
#include "store/store.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::service {

/// What a new job gets when its creator does not say.
struct JobDefaults {
    std::optional<Micros> misfire_grace = 3600 * kSecond;
    bool coalesce = true;
    MisfirePolicy misfire = MisfirePolicy::once;
    int max_instances = 1;
    Overlap overlap = Overlap::skip;
    int max_queued = 10;
    Micros timeout = 0, deadline = 0;
    RetryPolicy retry;
    int priority = 5;
    Isolation isolation = Isolation::warm;
    ResourceLimits limits{};  ///< not copied into jobs: they count when a run begins
};

struct JobOptions {
    JobDefaults defaults;
    PrivilegedModules privileged;
};

struct NewJob {
    std::optional<std::string> id;  ///< nothing: one is made, and the name is the function's
    JobEdit fields;                 ///< func is required; without a trigger it runs once, now
    bool replace_existing = false;  ///< an edit of the same job then
    bool named_by_uid = false;      ///< its id is its public one, dashed; no other is given
};

/// What to read of the jobs of one function: from the newest on, or next to a job.
struct RecordQuery {
    std::string func;  ///< "module:function"
    std::size_t limit = 1'000;
    std::optional<std::string> position{};  ///< a job's uid: only older ones
    bool backwards = false;                 ///< only newer ones, those next to it
};

struct RecordPage {
    std::vector<store::JobRecord> items;  ///< the newest first
    bool more = false;                    ///< there are more in that direction
    std::int64_t count = 0;               ///< of all
};

struct AddedJob {
    std::string id;
    std::optional<Job> job;  ///< nothing: it had nothing left to do and ended
};

struct JobQuery {
    std::function<bool(const Job&)> wanted;  ///< empty: all
    std::optional<std::size_t> limit;        ///< nothing: those that fire next come first; else those made first do
    std::optional<std::string> cursor;       ///< of a list with a limit: cursor_of() the page before
};

/// Looks at a job in the unit that is to change it, and throws when that is not to be. Empty: it may.
using JobGuard = std::function<void(const JobState&)>;

struct ManualArguments {
    std::optional<std::string> args, kwargs;  ///< JSON; nothing: the job's own
};

/// Secret arguments are sealed before they are stored; *** among given ones means the secret that is there
/// (service/secret_arguments.hpp).
///
/// Thread-safe. Every method throws RequestError, and then nothing was changed; unknown ids are not_found. Where a Job
/// may be missing from the answer, the job had nothing left to do and ended.
class Jobs {
  public:
    Jobs(store::Store& store, const Functions& functions, const Vault& vault, JobOptions options);
    void use_defaults(const JobDefaults& defaults);  ///< for jobs that are saved from now on

    /// With Caller::once, adding, running and retrying happen once, and answer the same again.
    AddedJob add(const Caller& caller, const NewJob& job);
    Job get(const Caller& caller, std::string_view id);
    /// By next run, then id; those without one last. The first 10,000, or 64 MiB of arguments; `next` is set when there
    /// are more.
    store::Page<Job> list(const Caller& caller);
    /// Those that are wanted, no more than that. With a limit in an order that does not change while jobs fire, so that
    /// pages neither miss a job nor have it twice. A cursor that is none of ours is invalid.
    store::Page<Job> find(const Caller& caller, const JobQuery& query);
    std::string cursor_of(JobKey job) const { return store_.public_ids().hex(raw(job)); }
    std::optional<Job> edit(const Caller& caller, std::string_view id, const JobEdit& wish, const JobGuard& guard = {});
    std::optional<Job> pause(const Caller& caller, std::string_view id);
    std::optional<Job> resume(const Caller& caller, std::string_view id);
    void remove(const Caller& caller, std::string_view id, const JobGuard& guard = {});
    // Jobs by their uid, a UUID that no other job ever has, finished ones too; a job of another function is not_found.
    std::string uid_of(JobKey job) const { return store_.public_ids().dashed(raw(job)); }
    store::JobRecord record(const Caller& caller, std::string_view uid, const FuncRef& func);
    /// No more than 64 MiB of arguments. not_found for a position that is none.
    RecordPage records(const Caller& caller, const RecordQuery& query);
    /// A finished job cannot be edited: invalid.
    void edit_record(const Caller& caller, std::string_view uid, const FuncRef& func,
                     const std::function<JobEdit(const store::JobRecord&)>& wish);
    void remove_record(const Caller& caller, std::string_view uid, const FuncRef& func);
    /// Queues a run and returns at once. conflict when too many wait already.
    RunId run_now(const Caller& caller, std::string_view id, const ManualArguments& arguments = {});
    /// The next attempt of an execution that ended without success, now: a retry that waits for its time is brought
    /// forward, else one is made, of the job as it is now with the arguments that the execution had of its own.
    /// conflict when it lives, succeeded or was tried again already, or when the job was deleted. A retry that waits
    /// has the job as it was: when that did something else, it counts as other arguments.
    RunId retry(const Caller& caller, std::string_view execution_id);
    /// The same of each that it can be done of, many in a unit; how many these are.
    std::int64_t retry_all(const Caller& caller, const std::vector<store::RunView>& ended);

  private:
    Definition fresh_definition() const;
    /// Answers its id.
    std::string put(store::Tx& tx, const Caller& caller, const NewJob& wish, const std::string& given,
                    Definition definition);
    RunId queue_retry(store::Tx& tx, const Caller& caller, const store::RunView& original, const Job& found);
    RunId run_once(const Caller& caller, const std::function<RunId(store::Tx&)>& queue);
    store::Page<Job> pick(const JobQuery& query, std::size_t limit) const;
    void require_module(const Caller& caller, const Definition& definition, std::string_view action) const;
    void require_run(const Caller& caller, const Definition& definition, bool other_arguments) const;
    void fit(const Caller& caller, const JobEdit& edit, const Definition& present, Definition& wished) const;
    store::ManualRun fit(const Caller& caller, const Definition& present, const ManualArguments& given) const;

    store::Store& store_;
    const Functions& functions_;
    const Vault& vault_;
    JobOptions options_;
    mutable std::mutex defaults_mutex_;
    JobDefaults defaults_;  // guarded by defaults_mutex_
};

}  // namespace foliot::service
