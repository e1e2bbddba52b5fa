#include "engine/clock_guard.hpp"

#include "base/time_text.hpp"

#include <cstdlib>

namespace foliot::engine {
namespace {

constexpr Micros kStep = 5 * kSecond;        // less is no step, but the time between two looks
constexpr Micros kMostBack = 300 * kSecond;  // waiting that long is better than firing twice
constexpr Micros kMostAhead = 86'400 * kSecond;
constexpr Micros kVouched = 60 * kSecond;

ClockReading read_at_once(const Clock& clock) {
    // A reading that was interrupted would look like a step.
    constexpr int tries = 5;
    ClockReading reading;
    for (int i = 0; i < tries; ++i) {
        reading.monotonic = clock.monotonic();
        reading.boottime = clock.boottime();
        reading.wall = clock.now();
        if (clock.monotonic() - reading.monotonic < 10 * kMillisecond) break;
    }
    return reading;
}

}  // namespace

ClockGuard::ClockGuard(const ClockReading& start)
    : offset_(start.wall - start.boottime), sleep_(start.boottime - start.monotonic) {}

void ClockGuard::begin(const ClockReading& start, Micros last_seen) {
    *this = ClockGuard(start);
    if (start.wall >= last_seen - kMostBack) return;
    offset_ = last_seen - start.boottime;
    suspect_ = since_start_ = true;
    suspect_offset_ = start.wall - start.boottime;
}

bool ClockGuard::believable(Micros ahead) const { return ahead >= -kMostBack && (since_start_ || ahead <= kMostAhead); }

ClockSight ClockGuard::look(const ClockReading& reading) {
    const bool woke = slept(reading);
    const Micros by = ahead(reading);
    if (!believable(by)) {
        if (vouched_for(reading)) {
            ClockSight sight = accept(reading);
            sight.by_kernel = true;
            return sight;
        }
        suspect_ = true;
        return {};
    }
    ClockSight sight;
    sight.jumped = woke || suspect_ || std::abs(by) > kStep;
    offset_ += by;
    suspect_ = since_start_ = false;
    synchronised_since_.reset();
    return sight;
}

ClockSight ClockGuard::accept(const ClockReading& reading) {
    if (!suspect_) return look(reading);
    ClockSight sight;
    sight.jumped = sight.accepted = true;
    sight.back = std::max<Micros>(0, -ahead(reading));
    *this = ClockGuard(reading);
    return sight;
}

bool ClockGuard::slept(const ClockReading& reading) {
    const Micros before = sleep_;
    sleep_ = reading.boottime - reading.monotonic;
    return sleep_ - before > kStep;
}

/// The kernel must have said so all the time since this very clock came up.
bool ClockGuard::vouched_for(const ClockReading& reading) {
    const Micros offset = reading.wall - reading.boottime;
    const bool stepped = !suspect_ || std::abs(offset - suspect_offset_) > kStep;
    suspect_offset_ = offset;
    if (stepped || !reading.synchronised) synchronised_since_.reset();
    if (!reading.synchronised) return false;
    if (!synchronised_since_) synchronised_since_ = reading.monotonic;
    return reading.monotonic - *synchronised_since_ >= kVouched;
}

GuardedClock::GuardedClock(const Clock& system)
    : system_(system), guard_(read_at_once(system)), offset_(guard_.offset()) {}

ClockReading GuardedClock::read() const {
    ClockReading reading = read_at_once(system_);
    reading.synchronised = guard_.suspect() && system_.synchronised();  // a system call: only where it matters
    return reading;
}

void GuardedClock::begin(Micros last_seen) {
    guard_.begin(read(), last_seen);
    offset_ = guard_.offset();
}

ClockSight GuardedClock::look() {
    const ClockSight sight = guard_.look(read());
    offset_ = guard_.offset();
    return sight;
}

ClockSight GuardedClock::accept() {
    const ClockSight sight = guard_.accept(read());
    offset_ = guard_.offset();
    return sight;
}

std::string GuardedClock::why() const {
    return "the clock shows " + iso_time(system_.now() / kSecond * kSecond) + ", but it should be about " +
           iso_time(now() / kSecond * kSecond) +
           ": nothing is started. Set the clock right, or if it is right, accept it as Admin with POST "
           "/api/v1/scheduler/clock/accept; it is accepted by itself once the kernel has called it synchronised (NTP) "
           "for a minute";
}

}  // namespace foliot::engine
