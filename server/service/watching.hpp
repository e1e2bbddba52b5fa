// Use case of those who watch: what executions, jobs and modules become, as they change.
#pragma once

#include "service/caller.hpp"
#include "service/changes.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace foliot::service {

struct WatchQuery {
    std::optional<std::string> job_id;  ///< nothing: of all jobs
    std::optional<Change::Kind> kind;
    std::optional<std::string> after;  ///< id of the last change that was seen; nothing: from now on
};

/// What a change left: one of the four.
struct Sight {
    std::string id;  ///< of the change
    std::optional<store::RunView> run{};
    std::optional<Job> job{};
    std::optional<std::string> gone_job{};  ///< id of one that finished or was deleted
    std::optional<store::ModuleRecord> module{};
};

/// Used by one thread; must not outlive store and changes.
class Watcher {
  public:
    Watcher(store::Store& store, Changes& changes, WatchQuery query);

    /// What may be new, in the order of the changes, as it is now. Throws RequestError (unavailable) while the store
    /// cannot be read; nothing is lost by that. Nothing: what has changed is not known, everything must be read anew.
    std::optional<std::vector<Sight>> next();
    bool has_more() const { return !changes_.empty() || reader_.is_behind(); }  ///< next() left some for the next time
    std::string position() const;                                               ///< id to resume after
    int news() const { return reader_.news(); }                                 ///< readable when more came since

  private:
    std::optional<Sight> look_at(store::Snapshot& snapshot, const Change& change) const;
    std::optional<Sight> look_at_job(store::Snapshot& snapshot, const Change& change) const;
    bool is_wanted(const std::string& job_id) const { return !query_.job_id || *query_.job_id == job_id; }

    store::Store& store_;
    const Changes& all_;
    const WatchQuery query_;
    Changes::Reader reader_;
    std::vector<Change> changes_;  ///< taken, not looked at
};

/// Thread-safe.
class Watching {
  public:
    Watching(store::Store& store, Changes& changes) : store_(store), changes_(changes) {}
    /// Throws RequestError: who may not read may not watch.
    std::unique_ptr<Watcher> open(const Caller& caller, WatchQuery query);

  private:
    store::Store& store_;
    Changes& changes_;
};

}  // namespace foliot::service
