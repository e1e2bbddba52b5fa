// What belongs to a process as a whole and outlasts the run that changes it: the next run would find it so.
#pragma once

#include "base/fd.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace foliot::worker {

/// Remembers how all that was when it was made. Job thread. What was told once becomes the new normal: the next run is
/// not blamed for it. Each call answers in words, one for each thing that is another now.
class Standing {
  public:
    Standing();

    /// A few system calls: working directory, umask, signal mask, alarm clock. Mask and umask are put back.
    std::vector<std::string> quick_look();
    /// Some dozen microseconds: actions of signals, environment, locale, other timers, limits, niceness.
    std::vector<std::string> long_look();

  private:
    static constexpr std::size_t kSignals = 65;  ///< the kernel's, by number
    struct Place {
        dev_t device = 0;
        ino_t inode = 0;
        bool operator==(const Place&) const = default;
    };
    static Place directory();
    static std::size_t count_timers();
    static std::vector<std::string> environment();
    using Actions = std::array<struct sigaction, kSignals>;
    Actions actions() const;

    void look_at_actions(std::vector<std::string>& changed);
    void look_at_limits(std::vector<std::string>& changed);

    Place directory_ = directory();
    mode_t umask_;
    sigset_t mask_{};
    bool alarm_;
    Fd status_;  ///< /proc/self/status, kept open: one system call instead of one for each signal
    Actions actions_ = actions();
    std::vector<std::string> environment_ = environment();
    std::string locale_;
    std::size_t timers_ = count_timers();
    std::array<rlimit, RLIM_NLIMITS> limits_{};
    int niceness_;
};

}  // namespace foliot::worker
