// What a run may leave behind in a process that goes on to the next one, and the process's own measures.
#pragma once

#include "base/clock.hpp"
#include "base/fd.hpp"
#include "options.hpp"

#include <sys/types.h>

#include <array>
#include <cstdint>

namespace foliot::worker {

Micros cpu_used();  ///< by this process and its reaped children

/// How much memory this process has now. Not its peak: the kernel counts that from whoever started it. Any thread.
class ResidentMemory {
  public:
    ResidentMemory();
    std::uint64_t bytes() const;  ///< 0: not known

  private:
    Fd statm_;  ///< kept open: one system call a run
};

std::uint64_t data_memory();  ///< bytes of this process that RLIMIT_DATA counts, and its stack; 0: not known

/// Kills and reaps all that this process has started, also what hides in other groups.
void end_descendants();

struct Leftovers {
    std::uint32_t threads = 0, descriptors = 0, children = 0;
};

/// Compares threads, descriptors and children with what was there before. A few system calls a run; every hundredth run
/// and on suspicion it counts. What was reported once becomes the new normal: the next run is not blamed for it. Only
/// the outputs are put back, so that what later runs print does not go where this one sent its own.
class Hygiene {
  public:
    Hygiene();
    Leftovers after_run();

  private:
    std::uint32_t surplus_threads();
    std::uint32_t changed_descriptors();
    std::uint32_t swapped_descriptors();

    struct Identity {
        dev_t device = 0;
        ino_t inode = 0;  ///< 0: not open
        bool operator==(const Identity&) const = default;
    };
    static Identity identity_of(int fd);

    Fd out_, err_;                                 ///< copies of the outputs; first: counted with the others
    std::array<Identity, kLogFd + 1> identities_;  ///< of the descriptors that the server gave, by number
    std::uint64_t threads_;
    int lowest_;
    std::uint32_t descriptors_;
    unsigned runs_ = 0;
};

}  // namespace foliot::worker
