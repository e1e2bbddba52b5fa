// A reserve of disk space: when the disk is full, giving it away lets the ends of what runs be stored.
#pragma once

#include "base/clock.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace foliot::engine {

/// Holds from the moment the disk is full until there is space for the reserve again, and as much besides. One thread.
class DiskGuard final {
  public:
    static constexpr std::int64_t kReserve = 16L << 20;

    /// Makes the file `reserve`, or takes the one that is there. A disk that is nearly full already is held at once,
    /// and the reserve given away, so that the server can start.
    DiskGuard(std::filesystem::path reserve, const Clock& clock);

    void full();  ///< the store found no space: gives the reserve away
    void look();  ///< has space come back? Asks the system at most once a second
    bool held() const { return held_; }
    std::string why() const;  ///< what an operator can do; while it is held

  private:
    bool make_reserve();
    void hold();
    std::int64_t free_bytes() const;

    std::filesystem::path reserve_;
    const Clock& clock_;
    bool held_ = false;
    Micros next_look_ = 0;  ///< monotonic
};

}  // namespace foliot::engine
