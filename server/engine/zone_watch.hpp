// Time zone data that is replaced while jobs wait (the package tzdata): zoned jobs get the times of the new rules, in
// the engine's idle moments.
#pragma once

#include "base/clock.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace foliot::engine {

/// Used by the engine's thread alone. It goes through all jobs at start too: the data may have changed while the server
/// was down.
class ZoneWatch final {
  public:
    ZoneWatch(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

    /// One look or one unit, if it is time for one. True: there is more to do at once.
    bool step();
    /// When the next look is due (UTC).
    Micros next() const { return next_; }

  private:
    bool look();
    bool recompute_some();

    store::Store& store_;
    const Clock& clock_;
    Micros next_ = 0;
    std::optional<std::string> noticed_;    ///< another state of the data, at the last look
    std::optional<std::int64_t> after_{0};  ///< recomputing: the last job that is done
    std::size_t moved_ = 0;
};

}  // namespace foliot::engine
