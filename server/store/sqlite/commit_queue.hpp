// Group commit by hand-over of leadership: callers queue up, one of them leads and commits for many, then the next one.
// No thread of its own. Knows nothing of SQL.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

namespace foliot::store::sqlite {

struct Work;

/// One caller's part of a batch; lives on the caller's stack until it is served.
struct Unit {
    enum class Kind { turn, api, bulk };
    Kind kind = Kind::api;
    std::function<void(Work&)> work;
    bool settled = false;      ///< set by the committer; what it leaves false goes back to the head of the queue
    std::exception_ptr error;  ///< set by the committer: this unit did not happen

    // The queue's own, under its lock.
    bool served = false;
    bool leads = false;
    std::condition_variable wake;
};

class CommitQueue final {
  public:
    /// Runs a batch in one transaction and settles each unit's fate; at least its first unit. Never throws.
    using Committer = std::function<void(const std::vector<Unit*>&)>;
    explicit CommitQueue(Committer committer) : committer_(std::move(committer)) {}

    /// Returns once the unit is committed; rethrows its error. May run other callers' units meanwhile.
    void submit(Unit& unit);

  private:
    std::vector<Unit*> take_batch();
    void lead(std::unique_lock<std::mutex>& lock);

    Committer committer_;
    std::mutex mutex_;
    std::deque<Unit*> waiting_;
    bool led_ = false;
};

}  // namespace foliot::store::sqlite
