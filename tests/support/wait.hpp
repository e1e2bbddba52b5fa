// Waiting for a condition, with a deadline: the only way a test lets time pass.
#pragma once

#include "base/clock.hpp"

#include <poll.h>

#include <functional>

namespace foliot::testing {

/// True as soon as `condition` holds; false when it still does not after `limit`. Looks every few milliseconds.
inline bool wait_until(const std::function<bool()>& condition, Micros limit = 20 * kSecond) {
    const SystemClock clock;
    const Micros end = clock.monotonic() + limit;
    while (!condition()) {
        if (clock.monotonic() > end) return false;
        ::poll(nullptr, 0, 3);
    }
    return true;
}

}  // namespace foliot::testing
