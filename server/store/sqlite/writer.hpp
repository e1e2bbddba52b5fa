// The one writing connection: runs batches of units, each in a savepoint of its own, in one transaction.
#pragma once

#include "base/clock.hpp"
#include "store/sqlite/commit_queue.hpp"
#include "store/sqlite/touched.hpp"
#include "store/sqlite/work.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace foliot::store::sqlite {

class Writer final {
  public:
    /// After each commit, on the committing thread, before the callers of the batch go on.
    using Committed = std::function<void(std::vector<Event>&, std::vector<StopOrder>&)>;
    /// After each batch that failed for want of space, likewise.
    using DiskFull = std::function<void()>;
    Writer(std::filesystem::path file, const Clock& clock, Definitions& definitions, IdGenerator& ids,
           std::unique_ptr<Connection> connection, Committed committed, DiskFull disk_full);

    /// Returns after the commit. Throws what the unit threw, StoreUnavailable or CommitUnknown.
    void run(Unit::Kind kind, std::function<void(Work&)> work);

    std::int64_t wal_pages() const { return wal_pages_; }
    const Tally& tally() const { return tally_; }
    /// Folds the whole log into the database and empties it; false when somebody still reads. On the committing thread.
    bool truncate_wal();
    /// The database may not grow beyond so many pages; 0: no limit. Takes effect with the next batch.
    void limit_pages(std::int64_t pages);

  private:
    /// What the units of a batch leave behind for after its commit.
    struct Outcome {
        std::vector<Event> events;
        std::vector<StopOrder> stops;
        Happened happened;
        std::uint64_t units = 0, refused = 0;
    };
    void commit(const std::vector<Unit*>& batch);
    void run_units(const std::vector<Unit*>& batch, Outcome& outcome);
    void run_unit(Unit& unit, Outcome& outcome);
    void count(const Outcome& outcome, Micros begin);
    void finish_transaction();
    void open();
    void observe();
    template <typename Error>
    void abandon(const std::vector<Unit*>& batch, const Error& why);

    std::filesystem::path file_;
    const Clock& clock_;
    Definitions& definitions_;
    Limits limits_;
    IdGenerator& ids_;
    Committed committed_;
    DiskFull disk_full_;
    std::atomic<std::int64_t> wal_pages_{0};
    std::atomic<std::int64_t> max_pages_{0};
    std::int64_t max_pages_set_ = 0;
    Tally tally_;
    Touched touched_;
    std::unique_ptr<Connection> db_;  // nothing: lost, opened again by the next batch
    CommitQueue queue_;
};

}  // namespace foliot::store::sqlite
