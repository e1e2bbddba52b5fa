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
    void advance(Micros by) {
        now_ += by;
        monotonic_ += by;
    }
    void set_wall(Micros now) { now_ = now; }

  private:
    std::atomic<Micros> now_;
    std::atomic<Micros> monotonic_{1'000 * kSecond};
};

}  // namespace foliot::testing
