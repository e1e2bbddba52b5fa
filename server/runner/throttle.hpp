// How fast the output of one worker is read.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <cstddef>

namespace foliot::runner {

/// Of all workers' output together at most so much is read in a window, each of them an equal share: a flood slows only
/// the job that makes it. Instants are of the monotonic clock.
class Throttle final {
  public:
    static constexpr Micros kWindow = 10 * kMillisecond;

    static constexpr std::size_t share(int workers) {
        constexpr std::size_t all = 2U << 20U, least = 64U << 10U;  // bytes
        return std::max(least, all / static_cast<std::size_t>(std::max(1, workers)));
    }

    /// True: `most` is reached, and nothing should be read until the end of the window.
    bool took(std::size_t bytes, std::size_t most, Micros now) {
        if (now >= end_) {
            end_ = now + kWindow;
            bytes_ = 0;
        }
        bytes_ += bytes;
        return bytes_ >= most;
    }
    Micros end() const { return end_; }

  private:
    Micros end_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace foliot::runner
