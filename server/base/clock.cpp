#include "base/clock.hpp"

#include <sys/timex.h>

#include <ctime>

namespace foliot {
namespace {

Micros read_clock(clockid_t id) {
    timespec t{};
    ::clock_gettime(id, &t);
    return static_cast<Micros>(t.tv_sec) * kSecond + t.tv_nsec / 1'000;
}

}  // namespace

Micros SystemClock::now() const { return read_clock(CLOCK_REALTIME); }
Micros SystemClock::monotonic() const { return read_clock(CLOCK_MONOTONIC); }
Micros SystemClock::boottime() const { return read_clock(CLOCK_BOOTTIME); }

bool SystemClock::synchronised() const {
    timex state{};
    const int answer = ::adjtimex(&state);
    return answer != -1 && answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

}  // namespace foliot
