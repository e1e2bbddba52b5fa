// When tokens were last used: noted in memory, written in bulk, so that no request writes.
#pragma once

#include "base/clock.hpp"
#include "store/store.hpp"

#include <functional>
#include <mutex>
#include <unordered_map>

namespace foliot::service {

/// Thread-safe.
class TokenUses {
  public:
    TokenUses(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

    /// `noted` is called when there is something to write after there was nothing. Set it before anybody else is there.
    void when_noted(std::function<void()> noted) { tell_ = std::move(noted); }
    void note(std::int64_t token);
    void flush();  ///< throws nothing: what cannot be written now is kept for the next time

  private:
    store::Store& store_;
    const Clock& clock_;
    std::function<void()> tell_;
    std::mutex mutex_;
    std::unordered_map<std::int64_t, Micros> used_;  // guarded by mutex_; to the minute
    bool told_ = false;                              // guarded by mutex_
};

}  // namespace foliot::service
