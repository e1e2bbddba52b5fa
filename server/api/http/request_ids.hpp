// The name of a request, in the log and in X-Request-Id.
#pragma once

#include "base/clock.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <string>

namespace foliot::api {

/// Thread-safe. The first half tells the ids of one start from those of another.
class RequestIds {
  public:
    explicit RequestIds(const Clock& clock)
        : instance_(static_cast<unsigned>((clock.now() / kMillisecond) & 0xffffffff)) {}

    std::string next() {
        std::array<char, 33> text;
        std::snprintf(text.data(), text.size(), "%08x-%08llx", instance_, static_cast<unsigned long long>(++count_));
        return text.data();
    }

  private:
    const unsigned instance_;
    std::atomic<std::uint64_t> count_{0};
};

}  // namespace foliot::api
