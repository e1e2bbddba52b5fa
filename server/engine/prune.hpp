// Pruning in the engine's idle moments: one small unit at a time, and none while a fire is due.
#pragma once

#include "base/clock.hpp"
#include "store/store.hpp"

#include <mutex>

namespace foliot::engine {

/// Used by the engine's thread alone, but for retain().
class Prune final {
  public:
    Prune(store::Store& store, const Clock& clock, const store::Retention& retention)
        : store_(store), clock_(clock), retention_(retention) {}

    /// One unit, if it is time for one. True: there is more to do at once.
    bool step();
    /// When the next look is due (UTC).
    Micros next() const { return next_; }
    /// From the next step on.
    void retain(const store::Retention& retention) {
        const std::lock_guard lock(mutex_);
        retention_ = retention;
    }

  private:
    store::Retention retention() {
        const std::lock_guard lock(mutex_);
        return retention_;
    }

    store::Store& store_;
    const Clock& clock_;
    std::mutex mutex_;
    store::Retention retention_;  // guarded by mutex_
    Micros next_ = 0;
};

}  // namespace foliot::engine
