// Those that nobody claims: what a process left behind that has ended, and that came to this one as a subreaper.
#include "base/error.hpp"
#include "process/children.hpp"
#include "process/spawn.hpp"
#include "process/table.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>
#include <system_error>

namespace foliot::process {
namespace {

bool has_children() {
    siginfo_t ignored{};
    return ::waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

/// A group lies within one session, and all of a session descend from who began it. So a stray's group is of its own
/// dead family, unless its session is ours or that of a child of ours which lives: a stray may have joined any group
/// there. This process's own session is its family only if it began it (a worker).
bool may_kill_group(const Stat& stray, const OwnChildren& own) {
    if (stray.group <= 1 || stray.group == ::getpgrp()) return false;
    if (stray.session == ::getsid(0)) return stray.session == ::getpid();
    if (!own.contains(stray.session)) return true;
    const auto leader = stat_of(stray.session);
    return !leader || leader->gone();
}

/// A group first: all of it dies at once, however fast it forks.
void kill_stray(pid_t pid, const Stat& stat, const OwnChildren& own) {
    if (may_kill_group(stat, own)) signal_group(stat.group, SIGKILL);
    kill_seen(pid, stat);
}

/// Strays of another user, where that user's processes are hidden: those below them come here when they are dead.
void kill_hidden(const OwnChildren& own, std::set<pid_t>& family, std::set<pid_t>& killed) {
    for (const pid_t pid : listed_children()) {
        if (own.contains(pid) || family.contains(pid)) continue;
        family.insert(pid);
        if (::waitpid(pid, nullptr, WNOHANG) != 0) continue;
        signal_held(hold(pid), pid, SIGKILL);
        killed.insert(pid);
    }
}

/// One look at all processes: strays, and who is below them, are killed at sight, so that also one dies that moves on
/// to a new process all the time. Returns who was there to be killed or to be reaped.
std::set<pid_t> hunt_once(std::set<pid_t>& killed) {
    const auto own = own_children_locked();
    if (!has_children()) return {};
    std::set<pid_t> family;
    for_each_process([&](pid_t pid, const Stat& stat) {
        const bool stray = stat.parent == ::getpid() && !own.contains(pid);
        if (!stray && !family.contains(stat.parent)) return;
        family.insert(pid);
        if (!stat.gone()) {
            kill_stray(pid, stat, own);
            killed.insert(pid);
        }
        if (stray) ::waitpid(pid, nullptr, WNOHANG);
    });
    kill_hidden(own, family, killed);
    return family;
}

/// Short of descriptors nobody is found: the next hunt finds them.
std::optional<std::set<pid_t>> hunted_once(std::set<pid_t>& killed) {
    try {
        return hunt_once(killed);
    } catch (const std::system_error&) {
        return std::nullopt;
    }
}

}  // namespace

OwnChildren own_children_locked() {
    static std::mutex mutex;
    static std::set<pid_t> pids;
    return {mutex, pids};
}

Hunt hunt_strays(Micros limit, const std::set<pid_t>& stubborn) {
    const SystemClock clock;
    const Micros end = clock.monotonic() + limit;
    std::set<pid_t> killed;
    for (;;) {
        const auto found = hunted_once(killed);
        const bool all_stubborn =
            found && std::includes(stubborn.begin(), stubborn.end(), found->begin(), found->end());
        if (all_stubborn || clock.monotonic() >= end) {
            const bool over = found && found->empty();
            return {static_cast<int>(killed.size()), over, found.value_or(std::set<pid_t>())};
        }
        ::poll(nullptr, 0, 1);
    }
}

}  // namespace foliot::process
