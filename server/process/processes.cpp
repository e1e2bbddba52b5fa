// Processes by their identity: pid and start time.
#include "base/error.hpp"
#include "process/spawn.hpp"
#include "process/table.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string>

namespace foliot::process {
namespace {

Micros monotonic() { return SystemClock().monotonic(); }

/// One look at all processes; who is below `root` is killed at sight, so that also one dies that moves on to a new
/// process all the time. Returns whether there was anybody.
bool strike(pid_t root) {
    std::set<pid_t> family{root};
    bool anybody = false;
    for_each_process([&](pid_t pid, const Stat& stat) {
        if (!family.contains(stat.parent)) return;
        family.insert(pid);
        if (stat.gone()) return;
        anybody = true;
        kill_seen(pid, stat);
    });
    return anybody;
}

/// Until none lives, or `end`. Those who lose their parent become children of `root`, if it is a subreaper, so looking
/// again finds also what was started between a look and a kill. One look may miss who just gets a number that it has
/// passed.
bool kill_descendants(pid_t root, Micros end) {
    constexpr int enough = 2;
    for (int nobody = 0; nobody < enough;) {
        nobody = strike(root) ? 0 : nobody + 1;
        if (nobody > 0) continue;
        if (monotonic() >= end) return false;
        ::poll(nullptr, 0, 1);
    }
    return true;
}

}  // namespace

std::optional<std::uint64_t> start_time_of(pid_t pid, bool zombie_is_gone) {
    const auto stat = stat_of(pid);
    if (!stat || (zombie_is_gone && stat->gone())) return std::nullopt;
    return stat->start_time;
}

bool kill_and_await(pid_t pid, std::uint64_t start_time, Micros limit) {
    // The descriptor holds on to whichever process has the pid now; only then is its identity looked at.
    const Fd pidfd = hold(pid);
    if (!pidfd && errno != ESRCH && errno != EINVAL) throw_errno("pidfd of process " + std::to_string(pid));
    const auto stat = stat_of(pid);
    if (!pidfd || !stat || stat->gone() || stat->start_time != start_time) return true;
    const Micros end = monotonic() + limit;
    signal_held(pidfd, pid, SIGSTOP);
    const bool alone = kill_descendants(pid, end);
    // Workers lead a group of their own; never take the caller's along. Before it dies: then the number is free.
    if (stat->group == pid && pid != ::getpgrp()) signal_group(pid, SIGKILL);
    signal_held(pidfd, pid, SIGKILL);
    for (;;) {
        if (start_time_of(pid) != start_time) return alone;
        const Micros left = end - monotonic();
        if (left <= 0) return false;
        pollfd ended{pidfd.get(), POLLIN, 0};
        ::poll(&ended, 1, static_cast<int>(std::min<Micros>(left / kMillisecond + 1, 100)));
    }
}

void become_subreaper() {
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) throw_errno("prctl(PR_SET_CHILD_SUBREAPER)");
}

std::string boot_id() {
    std::string id = read_file("/proc/sys/kernel/random/boot_id");
    while (!id.empty() && id.back() == '\n') id.pop_back();
    return id;
}

}  // namespace foliot::process
