// How long runs took, and how late they began.
#pragma once

#include "base/tally.hpp"

#include <array>

namespace foliot::engine {

inline constexpr std::array<Micros, 14> kRunBounds{
    kMillisecond,       5 * kMillisecond, 10 * kMillisecond, 50 * kMillisecond, 100 * kMillisecond,
    500 * kMillisecond, kSecond,          5 * kSecond,       10 * kSecond,      30 * kSecond,
    60 * kSecond,       300 * kSecond,    1'800 * kSecond,   7'200 * kSecond};
inline constexpr std::array<Micros, 14> kLatenessBounds{500,
                                                        kMillisecond,
                                                        2 * kMillisecond,
                                                        5 * kMillisecond,
                                                        10 * kMillisecond,
                                                        25 * kMillisecond,
                                                        50 * kMillisecond,
                                                        100 * kMillisecond,
                                                        500 * kMillisecond,
                                                        kSecond,
                                                        5 * kSecond,
                                                        30 * kSecond,
                                                        300 * kSecond,
                                                        3'600 * kSecond};

struct Tally {
    Durations duration{kRunBounds};       ///< of job code
    Durations lateness{kLatenessBounds};  ///< from when a run could have started to the first line of job code
};

}  // namespace foliot::engine
