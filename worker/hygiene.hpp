// What a run may leave behind in a process that goes on to the next one, and the process's own measures.
#pragma once

#include "base/clock.hpp"

#include <cstdint>

namespace foliot::worker {

struct Usage {
    Micros cpu = 0;                   ///< of this process and its reaped children
    std::uint64_t max_rss_bytes = 0;  ///< the most it ever had
};
Usage usage();
std::uint64_t resident_bytes();  ///< now

/// Kills and reaps all that this process has started, also what hides in other groups.
void end_descendants();

struct Leftovers {
    std::uint32_t threads = 0, descriptors = 0, children = 0;
};

/// Compares threads, descriptors and children with what was there before. A few system calls a run; every hundredth run
/// and on suspicion it counts. What was reported once becomes the new normal: the next run is not blamed for it.
class Hygiene {
  public:
    Hygiene();
    Leftovers after_run();

  private:
    std::uint32_t surplus_threads();
    std::uint32_t changed_descriptors();

    std::uint64_t threads_;
    int lowest_;
    std::uint32_t descriptors_;
    unsigned runs_ = 0;
};

}  // namespace foliot::worker
