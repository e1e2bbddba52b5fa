// Does something a while after it was asked to, however often it is asked meanwhile; idle, it wakes nobody.
#pragma once

#include "base/clock.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace foliot::app {

class Later final {
  public:
    /// `delay` in microseconds; `action` must not throw and runs on a thread of its own.
    Later(Micros delay, std::function<void()> action);
    ~Later();  ///< what was asked for is done at once
    Later(const Later&) = delete;
    Later& operator=(const Later&) = delete;

    void ask();  ///< any thread; never blocks for long

  private:
    void run();

    const Micros delay_;
    const std::function<void()> action_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool asked_ = false, stopping_ = false;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace foliot::app
