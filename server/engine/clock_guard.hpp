// The wall clock, as far as it can be believed: a machine whose clock is wrong for a minute must not fire, or skip, the
// jobs of years.
#pragma once

#include "base/clock.hpp"

#include <atomic>
#include <optional>
#include <string>

namespace foliot::engine {

/// All clocks at one instant.
struct ClockReading {
    Micros wall = 0, monotonic = 0, boottime = 0;
    bool synchronised = false;
};

/// What a look at the clocks found.
struct ClockSight {
    bool jumped = false;  ///< the clock stepped, or the machine slept: what was due before could not be claimed in time
    Micros back = 0;      ///< a step back by so much was accepted
    bool accepted = false;   ///< the wall clock was suspect and is believed from now on
    bool by_kernel = false;  ///< ... since the kernel vouches for it
};

/// Decides whether the wall clock is believed. Pure. Its own time goes on by CLOCK_BOOTTIME, so that a machine that
/// slept is no machine whose clock was set; a step of the wall clock is followed when it is small (back by at most 5
/// minutes, forward by at most a day) and suspect when it is not. While the clock is suspect, time goes on as if it had
/// not been set, until the wall clock is back, somebody accepts it, or the kernel calls it synchronised for a minute.
class ClockGuard final {
  public:
    explicit ClockGuard(const ClockReading& start);

    /// `last_seen`: the clock in an earlier life, 0: unknown. A clock that stands more than 5 minutes before that is
    /// suspect; one that is ahead may have been off for long.
    void begin(const ClockReading& start, Micros last_seen);
    ClockSight look(const ClockReading& reading);
    /// Believes the wall clock as it is.
    ClockSight accept(const ClockReading& reading);

    bool suspect() const { return suspect_; }
    Micros offset() const { return offset_; }  ///< believed time is boottime + offset
    /// How far the wall clock is ahead of the believed time.
    Micros ahead(const ClockReading& reading) const { return reading.wall - reading.boottime - offset_; }

  private:
    bool believable(Micros ahead) const;
    bool slept(const ClockReading& reading);
    bool vouched_for(const ClockReading& reading);

    Micros offset_;
    Micros sleep_;  ///< of the machine, up to the last look
    bool suspect_ = false;
    bool since_start_ = false;                  ///< it has been suspect from the start
    Micros suspect_offset_ = 0;                 ///< of the clock that is suspect
    std::optional<Micros> synchronised_since_;  ///< monotonic
};

/// The clock that the server goes by. now() follows a step of the wall clock at the next look(), and not before: until
/// then everybody has the same time. Thread-safe but for begin(), look() and accept(), which are the engine's.
class GuardedClock final : public Clock {
  public:
    explicit GuardedClock(const Clock& system);

    Micros now() const override { return system_.boottime() + offset_; }
    Micros monotonic() const override { return system_.monotonic(); }
    Micros boottime() const override { return system_.boottime(); }
    bool synchronised() const override { return system_.synchronised(); }
    /// An instant of now() as the system's clock shows it; for timers.
    Micros on_wall(Micros at) const { return at + system_.now() - now(); }

    void begin(Micros last_seen);
    ClockSight look();
    ClockSight accept();
    bool suspect() const { return guard_.suspect(); }
    std::string why() const;  ///< what is wrong and what an operator can do; while it is suspect

  private:
    ClockReading read() const;

    const Clock& system_;
    ClockGuard guard_;
    std::atomic<Micros> offset_;
};

}  // namespace foliot::engine
