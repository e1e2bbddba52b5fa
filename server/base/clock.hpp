// Time as the whole server sees it. Nothing else asks the system for the time.
#pragma once

#include <cstdint>

namespace foliot {

/// Microseconds. As an instant: since the Unix epoch, UTC. As a length: just microseconds.
using Micros = std::int64_t;

inline constexpr Micros kMillisecond = 1'000;
inline constexpr Micros kSecond = 1'000'000;

/// Thread-safe; implementations never throw.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual Micros now() const = 0;        ///< wall clock, UTC; may step in both directions
    virtual Micros monotonic() const = 0;  ///< CLOCK_MONOTONIC; for timeouts and durations
    /// CLOCK_BOOTTIME: as monotonic(), but it goes on while the machine sleeps.
    virtual Micros boottime() const { return monotonic(); }
    /// Does the kernel say that something (NTP, say) keeps the wall clock right?
    virtual bool synchronised() const { return false; }
};

class SystemClock final : public Clock {
  public:
    Micros now() const override;
    Micros monotonic() const override;
    Micros boottime() const override;
    bool synchronised() const override;
};

}  // namespace foliot
