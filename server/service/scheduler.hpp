// Use cases of the scheduler as a whole: one desired state for all, kept over restarts.
#pragma once

#include "service/caller.hpp"
#include "store/store.hpp"

#include <functional>
#include <string_view>

namespace foliot::service {

/// Waits until every run that was started has ended, at most `limit` (a length). False: some have not.
using WaitIdle = std::function<bool(Micros limit)>;

struct SchedulerOptions {
    Micros longest_wait = 600 * kSecond;  ///< of a shutdown that waits
    /// False: this host is not among the allowed ones; it shows as stopped, and start is accepted without effect.
    bool host_allowed = true;
};

/// Thread-safe. Throws RequestError: wrong_state "Scheduler is already running" or "Scheduler is not running".
class Scheduler {
  public:
    Scheduler(store::Store& store, WaitIdle wait_idle, SchedulerOptions options)
        : store_(store), wait_idle_(std::move(wait_idle)), options_(options) {}

    store::EngineState state(const Caller& caller);
    void start(const Caller& caller);
    void pause(const Caller& caller);   ///< nothing new is started; idempotent
    void resume(const Caller& caller);  ///< idempotent
    /// Nothing new is started after it; with `wait` it returns when what runs has ended (false: not within the limit).
    bool shut_down(const Caller& caller, bool wait);

  private:
    void change(const Caller& caller, store::EngineState to, std::string_view event);

    store::Store& store_;
    WaitIdle wait_idle_;
    SchedulerOptions options_;
};

}  // namespace foliot::service
