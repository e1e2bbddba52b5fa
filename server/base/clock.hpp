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
};

class SystemClock final : public Clock {
  public:
    Micros now() const override;
    Micros monotonic() const override;
};

}  // namespace foliot
