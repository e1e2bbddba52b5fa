// Counting what happens where it happens, for a nanosecond or two. Any thread counts, any thread reads; numbers that
// are read beside each other may be a moment apart.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace foliot {

class Count {
  public:
    void add(std::uint64_t number = 1) noexcept { number_.fetch_add(number, std::memory_order_relaxed); }
    std::uint64_t value() const noexcept { return number_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> number_{0};
};

/// How many lengths of time there were up to each of some bounds, and their sum.
class Durations {
  public:
    static constexpr std::size_t kMostBounds = 15;

    /// At most kMostBounds, rising; they outlive this.
    explicit constexpr Durations(std::span<const Micros> bounds) : bounds_(bounds) {}

    void note(Micros length) noexcept {
        const auto at = std::lower_bound(bounds_.begin(), bounds_.end(), length) - bounds_.begin();
        counts_[static_cast<std::size_t>(at)].add();
        if (length > 0) sum_.add(static_cast<std::uint64_t>(length));
    }
    std::span<const Micros> bounds() const noexcept { return bounds_; }
    /// Those above the bound before it and not above bounds()[i]; the last ones, i = bounds().size(), above all.
    std::uint64_t count(std::size_t i) const noexcept { return counts_[i].value(); }
    Micros sum() const noexcept { return static_cast<Micros>(sum_.value()); }

  private:
    std::span<const Micros> bounds_;
    std::array<Count, kMostBounds + 1> counts_{};
    Count sum_;
};

}  // namespace foliot
