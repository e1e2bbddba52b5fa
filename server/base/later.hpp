// Does something a while after it was asked to, however often it is asked meanwhile; idle, it wakes nobody.
#pragma once

#include "base/clock.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace foliot {

class Later final {
  public:
    /// What was asked for and not yet begun when it ends.
    enum class AtEnd { do_it, drop_it };

    /// `delay` in microseconds; `action` must not throw and runs on a thread of its own.
    Later(Micros delay, AtEnd at_end, std::function<void()> action);
    ~Later();  ///< waits for what is under way, but for no delay
    Later(const Later&) = delete;
    Later& operator=(const Later&) = delete;

    void ask() { ask_in(delay_); }  ///< any thread, the action too; never blocks for long
    void ask_in(Micros delay);      ///< likewise, after another delay. Who asked before decides

  private:
    void run();

    const Micros delay_;
    const AtEnd at_end_;
    const std::function<void()> action_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool asked_ = false, stopping_ = false;  // guarded by mutex_
    Micros wait_ = 0;                        // likewise: what is asked for is to be done so much later
    std::thread thread_;
};

}  // namespace foliot
