// What should be done within a time, on a machine that may have other things to do just then.
#pragma once

#include "base/clock.hpp"

#include <functional>

namespace foliot::testing {

/// Is the time that `attempt` tells within the limit, at one attempt of a few? A pause of the machine hits one of them;
/// what is slow by itself is so each time. Each attempt begins anew.
inline bool is_within(Micros limit, const std::function<Micros()>& attempt) {
    for (int i = 0; i < 5; ++i) {
        if (attempt() <= limit) return true;
    }
    return false;
}

}  // namespace foliot::testing
