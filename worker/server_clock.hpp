#pragma once

#include "base/clock.hpp"

#include <atomic>

namespace foliot::worker {

/// UTC as the server has it: what a wall clock says that the server does not believe must not date anything. It goes on
/// by CLOCK_BOOTTIME, which nobody can set, so lengths are right whatever happens to the wall clock. Thread-safe.
class ServerClock final : public Clock {
  public:
    Micros now() const override { return system_.boottime() + offset_; }
    Micros monotonic() const override { return system_.monotonic(); }
    Micros boottime() const override { return system_.boottime(); }
    /// What job code sees when it asks the system.
    Micros wall() const { return system_.now(); }
    /// The server's UTC less CLOCK_BOOTTIME. Until it is known the wall clock's own.
    void follow(Micros offset) { offset_ = offset; }

  private:
    SystemClock system_;
    std::atomic<Micros> offset_{system_.now() - system_.boottime()};
};

}  // namespace foliot::worker
