// The kernel's table of processes, read from /proc. Within the room only: spawn.hpp is what others use.
#pragma once

#include "base/fd.hpp"

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace foliot::process {

struct Stat {
    char state = '?';  ///< of its first thread
    pid_t parent = 0, group = 0, session = 0;
    int threads = 0;
    std::uint64_t start_time = 0;

    /// None of its threads runs: the first may have ended long before the others.
    bool gone() const { return state == 'X' || (state == 'Z' && threads <= 1); }
};

/// /proc/PID/stat; nothing when there is no such process. Throws std::system_error when it cannot be read.
std::optional<Stat> stat_of(pid_t pid);

/// Each that there is, by rising numbers, as it is at that moment. Throws std::system_error.
void for_each_process(const std::function<void(pid_t, const Stat&)>& act);

/// This process's children, the dead that nobody has reaped included, and those whose /proc/PID is hidden from it
/// (proc(5), hidepid; systemd's ProtectProc). Empty where the kernel does not tell (CONFIG_PROC_CHILDREN).
std::vector<pid_t> listed_children();

/// A pidfd of whoever has the number now; none: nobody.
Fd hold(pid_t pid);
/// The signal to the process that the descriptor holds. Not permitted: the log says so, as it must never be.
void signal_held(const Fd& held, pid_t pid, int signal);
/// SIGKILL to the process that was seen so, and to none that has its number by now. Throws std::system_error.
void kill_seen(pid_t pid, const Stat& seen);
/// An error line for a signal that the kernel refused: these processes go on running. Once for each process, or for
/// each group (its number below zero), however often it is tried.
void report_refused_signal(pid_t whom);

}  // namespace foliot::process
