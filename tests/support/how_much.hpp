// How much of a test is done: `./dev test` has minutes, `./dev test full` has as long as it takes (FOLIOT_LONG=1).
#pragma once

#include <cstdlib>

namespace foliot::testing {

inline bool long_run() { return std::getenv("FOLIOT_LONG") != nullptr; }

/// The environment variable as a number when it is set, for doing one thing again or more often by hand.
inline unsigned number_from(const char* variable, unsigned otherwise) {
    const char* text = std::getenv(variable);
    return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

}  // namespace foliot::testing
