// Pruning in the engine's idle moments: one small unit at a time, and none while a fire is due.
#pragma once

#include "base/clock.hpp"
#include "store/store.hpp"

#include <optional>

namespace foliot::engine {

/// Used by the engine's thread alone.
class Prune final {
  public:
    Prune(store::Store& store, const Clock& clock, const store::Retention& retention)
        : store_(store), clock_(clock), retention_(retention) {}

    /// One unit, if it is time for one. True: there is more to do at once.
    bool step();
    /// When the next look is due (UTC).
    Micros next() const { return next_; }

  private:
    store::Store& store_;
    const Clock& clock_;
    store::Retention retention_;
    Micros next_ = 0;
};

}  // namespace foliot::engine
