#pragma once

#include "base/clock.hpp"

namespace foliot {

enum class Whose { own, children };  ///< children: those that have ended and were waited for, and theirs

/// Spent by this process since it was started, in its own code and in the kernel (getrusage(2)). Thread-safe.
Micros processor_time(Whose whose);

}  // namespace foliot
