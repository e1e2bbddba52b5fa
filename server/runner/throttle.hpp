// How fast is read what one worker says.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <cstddef>

namespace foliot::runner {

/// Of all workers together at most so much is read in a window, each of them an equal share: a flood slows only the job
/// that makes it. Who is read beyond its share in one go waits the longer for the next. Instants are of the monotonic
/// clock.
class Throttle final {
  public:
    static constexpr Micros kWindow = 10 * kMillisecond;
    static constexpr std::size_t kMostWindows = 20;  ///< of one wait

    static constexpr std::size_t share(int workers) {
        constexpr std::size_t all = 2U << 20U, least = 64U << 10U;  // bytes
        return std::max(least, all / static_cast<std::size_t>(std::max(1, workers)));
    }

    /// True: `most` is reached, and nothing should be read until the end of the window.
    bool took(std::size_t bytes, std::size_t most, Micros now) {
        if (now >= end_) {
            begin_ = now;
            bytes_ = 0;
        }
        bytes_ += bytes;
        end_ = begin_ + kWindow * static_cast<Micros>(std::clamp<std::size_t>(bytes_ / most, 1, kMostWindows));
        return bytes_ >= most;
    }
    Micros end() const { return end_; }

  private:
    Micros begin_ = 0, end_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace foliot::runner
