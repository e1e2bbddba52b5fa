// Instants as Django REST framework writes them.
#pragma once

#include "base/time_text.hpp"

#include <string>

namespace foliot::api::seed {

/// "2026-11-21T00:16:09.409183Z", microseconds only when there are any.
inline std::string instant_text(Micros at) {
    constexpr std::size_t kOffset = 6;  // "+00:00"
    std::string text = iso_time(at);
    return text.replace(text.size() - kOffset, kOffset, "Z");
}

}  // namespace foliot::api::seed
