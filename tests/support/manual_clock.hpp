// A clock that stands still until a test moves it.
#pragma once

#include "base/clock.hpp"

#include <atomic>

namespace foliot::testing {

class ManualClock final : public Clock {
  public:
    explicit ManualClock(Micros now = 1'800'000'000 * kSecond) : now_(now) {}
    Micros now() const override { return now_; }
    Micros monotonic() const override { return monotonic_; }
    Micros boottime() const override { return monotonic_ + asleep_; }
    bool synchronised() const override { return synchronised_; }
    void advance(Micros by) {
        now_ += by;
        monotonic_ += by;
    }
    /// The machine is suspended for so long.
    void sleep(Micros by) {
        now_ += by;
        asleep_ += by;
    }
    void synchronise(bool is) { synchronised_ = is; }
    void set_wall(Micros now) { now_ = now; }

  private:
    std::atomic<Micros> now_;
    std::atomic<Micros> monotonic_{1'000 * kSecond};
    std::atomic<Micros> asleep_{0};
    std::atomic<bool> synchronised_{false};
};

/// The same where there are real workers, which go by CLOCK_BOOTTIME: that one nobody moves.
class WorkersClock final : public Clock {
  public:
    Micros now() const override { return manual_.now(); }
    Micros monotonic() const override { return manual_.monotonic(); }
    Micros boottime() const override { return system_.boottime(); }
    void advance(Micros by) { manual_.advance(by); }

  private:
    ManualClock manual_;
    SystemClock system_;
};

}  // namespace foliot::testing
