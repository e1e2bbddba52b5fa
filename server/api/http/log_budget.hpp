// How often something may be logged that a client can bring about as often as it likes.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

namespace foliot::api {

/// `burst` lines at once, then one each `pause`. Thread-safe.
class LogBudget {
  public:
    LogBudget(int burst, Micros pause) : burst_(burst), pause_(pause) {}

    /// Nothing: no line now. Else how many there could not be since the last one.
    std::optional<std::int64_t> take(Micros now) {
        const std::lock_guard lock(mutex_);
        if (full_at_ - now > (burst_ - 1) * pause_) {
            ++left_out_;
            return std::nullopt;
        }
        full_at_ = std::max(full_at_, now) + pause_;
        return std::exchange(left_out_, 0);
    }

  private:
    const int burst_;
    const Micros pause_;
    std::mutex mutex_;
    Micros full_at_ = 0;         // guarded by mutex_: when `burst` lines may be written again
    std::int64_t left_out_ = 0;  // guarded by mutex_
};

}  // namespace foliot::api
