// Starting and killing processes: posix_spawn, pidfd, process groups. Nothing of ours runs between fork and exec.
#pragma once

#include "base/clock.hpp"
#include "base/fd.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace foliot::process {

struct SpawnRequest {
    std::string program;                   ///< path, no search
    std::vector<std::string> arguments;    ///< without argv[0]
    std::vector<std::string> environment;  ///< the whole of it, "NAME=value"
    int out = -1, err = -1;                ///< become 1 and 2; -1: /dev/null. 0 is always /dev/null
    std::vector<int> extra;                ///< become 3, 4, 5, ...; everything above is closed in the child
};

struct Child {
    pid_t pid = -1;
    Fd pidfd;  ///< readable when it has ended; CLOEXEC
    /// /proc/PID/stat field 22: with the pid, an identity. 0: it became another user's before that was read, and those
    /// are hidden here (proc(5), hidepid).
    std::uint64_t start_time = 0;
};

/// Own session and process group (both numbered pid): nobody outside of what it starts can join these, and a terminal
/// of ours is out of its reach. Empty signal mask, default signal actions. Throws std::system_error (ENOENT too).
Child spawn(const SpawnRequest& request);

struct ExitStatus {
    int code = 0;  ///< exit status, when signal is 0
    int signal = 0;
};
/// Reaps it if it has ended, and if nobody traces it, who has it first.
std::optional<ExitStatus> reap(const Child& child);
/// From now on it is a stray as any other: for one that has ended and cannot be reaped.
void disown(const Child& child);

// None there: nothing happens. Not permitted (another user's, without CAP_KILL): an error line in the log.
void signal_child(const Child& child, int signal);  ///< by pidfd: never another process
void signal_group(pid_t group, int signal);

/// Field 22 of /proc/PID/stat; nothing when there is no such process. Zombies count as gone when `zombie_is_gone`.
/// Throws std::system_error when it cannot be read.
std::optional<std::uint64_t> start_time_of(pid_t pid, bool zombie_is_gone = true);

/// Kills that very process (not a later one with its pid), its group and its descendants, waits up to `limit` until it
/// and they are gone or zombies. False: still there. For processes that are not our children. Throws std::system_error
/// when the kernel does not let it look.
bool kill_and_await(pid_t pid, std::uint64_t start_time, Micros limit);

/// Makes this process adopt orphaned descendants (PR_SET_CHILD_SUBREAPER).
void become_subreaper();

struct Hunt {
    int killed = 0;
    bool over = true;      ///< none is left
    std::set<pid_t> left;  ///< when it is not: who was there at the last look
};
/// Kills and reaps every child of this process that spawn() did not start (adopted descendants of what died), all below
/// them, and their groups, until none is left or `limit` has passed. Never hits this process, what spawn() started and
/// still lives, nor what is below that. Those who do not die (they hang in the kernel, or it refuses the signal) are
/// not waited for again: when none but `stubborn` is left, one blow is all. Thread-safe beside spawn() and reap().
Hunt hunt_strays(Micros limit, const std::set<pid_t>& stubborn = {});
inline int reap_strays(Micros limit) { return hunt_strays(limit).killed; }

std::string boot_id();  ///< /proc/sys/kernel/random/boot_id

}  // namespace foliot::process
