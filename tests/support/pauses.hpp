// What a test with a limit of time may take longer than that: as long as the machine stood still meanwhile.
#pragma once

#include "base/clock.hpp"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace foliot::testing {

/// A thread that should look at the clock every few milliseconds; when it does not, this process, and so likely the
/// whole machine, was not let run.
class Pauses {
  public:
    Pauses() : thread_([this](const std::stop_token& end) { watch(end); }) {}

    /// Of all pauses since this was made.
    Micros total() const {
        const Micros current = pause_until(clock_.monotonic());  // first: what ends meanwhile counts twice, not never
        return current + total_;
    }

  private:
    static constexpr Micros kLook = 5 * kMillisecond;

    Micros pause_until(Micros now) const {
        const Micros gap = now - last_ - kLook;
        return gap >= 4 * kLook ? gap : 0;
    }
    void watch(const std::stop_token& end) {
        while (!end.stop_requested()) {
            ::poll(nullptr, 0, static_cast<int>(kLook / kMillisecond));
            const Micros now = clock_.monotonic();
            total_ += pause_until(now);
            last_ = now;
        }
    }

    const SystemClock clock_;
    std::atomic<Micros> last_{clock_.monotonic()}, total_{0};
    std::jthread thread_;
};

}  // namespace foliot::testing
