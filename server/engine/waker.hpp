// Sleeping until an instant, a call, or a step of the clock; nothing wakes in between.
#pragma once

#include "base/bell.hpp"
#include "base/clock.hpp"
#include "base/fd.hpp"

#include <optional>

namespace foliot::engine {

/// wake() and nudge() from any thread; wait() from one. One that comes before wait() is not lost.
class Waker {
  public:
    Waker();
    void wake();
    void nudge() const { nudged_.ring(); }  ///< somebody wants to know whether the sleeper can be woken
    /// Returns at `until` (UTC), after wake(), or when the wall clock is set (timerfd_create(2),
    /// TFD_TIMER_CANCEL_ON_SET). False: it was only nudged.
    bool wait(std::optional<Micros> until);

  private:
    static constexpr Micros kUnset = -1;
    Fd event_, timer_;
    Bell nudged_;
    Micros set_to_ = kUnset;  ///< what the timer will go off at; 0: never
};

}  // namespace foliot::engine
