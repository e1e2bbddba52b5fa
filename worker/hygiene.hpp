// What a run may leave behind in a process that goes on to the next one, and the process's own measures.
#pragma once

#include "base/clock.hpp"
#include "base/fd.hpp"
#include "options.hpp"
#include "standing.hpp"

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

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

/// Compares threads, descriptors, children and the process's standing with what was there before. What was reported
/// once becomes the new normal: the next run is not blamed for it. The outputs, the umask and the signal mask are put
/// back, so that what later runs print does not go where this one sent its own.
class Hygiene {
  public:
    Hygiene();

    /// What the run left behind, in words; "": nothing. A short look takes a few system calls; it becomes a long one,
    /// which also counts and compares what is dearer to ask, when it finds something, and each hundredth time.
    enum class Look { brief, thorough };
    std::string after_run(Look look);

  private:
    std::uint64_t surplus_threads();
    std::uint32_t changed_descriptors();
    std::uint32_t swapped_descriptors();
    std::vector<std::string> short_look();
    std::vector<std::string> long_look();

    struct Identity {
        dev_t device = 0;
        ino_t inode = 0;  ///< 0: not open
        bool operator==(const Identity&) const = default;
    };
    static Identity identity_of(int fd);
    std::uint64_t count_threads() const;

    /// Of those that the server gave. Not the control pipe: what there is to tell of it would go through it.
    static constexpr std::array kWatched{0, 1, 2, kLogFd, kOrdersFd};

    Standing standing_;  ///< it and the next three have descriptors, which are counted with the others
    Fd out_, err_;       ///< copies of the outputs
    Fd tasks_;           ///< the folder of this process's threads: to find it anew is dearer than to ask
    std::array<Identity, kWatched.size()> identities_;
    std::uint64_t threads_;
    int lowest_;
    std::uint32_t descriptors_;
    unsigned unseen_ = 0;  ///< runs since the last long look
};

}  // namespace foliot::worker
