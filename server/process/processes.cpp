// Processes by their identity (pid and start time), and those that nobody claims.
#include "base/error.hpp"
#include "process/children.hpp"
#include "process/spawn.hpp"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <system_error>

namespace foliot::process {
namespace {

struct Stat {
    char state = '?';
    pid_t parent = 0, group = 0;
    std::uint64_t start_time = 0;
};

/// /proc/PID/stat; nothing when there is no such process. The name in parentheses may hold anything, so fields count
/// from its end.
std::optional<Stat> stat_of(pid_t pid) {
    std::string text;
    try {
        text = read_file("/proc/" + std::to_string(pid) + "/stat");
    } catch (const std::system_error&) {
        return std::nullopt;
    }
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    Stat stat;
    std::string_view rest = std::string_view(text).substr(name_end + 1);
    const auto number = [](std::string_view word, auto& into) {
        std::from_chars(word.data(), word.data() + word.size(), into);
    };
    for (int field = 3; field <= 22; ++field) {
        rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(word.size());
        if (field == 3 && !word.empty()) stat.state = word.front();
        if (field == 4) number(word, stat.parent);
        if (field == 5) number(word, stat.group);
        if (field == 22) number(word, stat.start_time);
    }
    return stat;
}

bool gone(const Stat& stat) { return stat.state == 'Z' || stat.state == 'X'; }

Micros monotonic() { return SystemClock().monotonic(); }

bool has_children() {
    siginfo_t ignored{};
    return ::waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

template <class Visit>
void each_process(const Visit& visit) {
    const std::unique_ptr<DIR, int (*)(DIR*)> processes(::opendir("/proc"), &::closedir);
    if (!processes) throw_errno("read /proc");
    while (const dirent* entry = ::readdir(processes.get())) {  // NOLINT(concurrency-mt-unsafe): the stream is ours
        const std::string_view name = entry->d_name;
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc()) continue;
        if (const auto stat = stat_of(pid)) visit(pid, *stat);
    }
}

/// From the parents in /proc: not every kernel has /proc/PID/task/TID/children.
std::vector<pid_t> all_children() {
    std::vector<pid_t> found;
    if (!has_children()) return found;
    each_process([&](pid_t pid, const Stat& stat) {
        if (stat.parent == ::getpid()) found.push_back(pid);
    });
    return found;
}

/// Short of descriptors nobody is found: the next hunt finds them.
std::vector<pid_t> children_or_none() {
    try {
        return all_children();
    } catch (const std::system_error&) {
        return {};
    }
}

/// Zombies among the strays are reaped here; the living are killed, groups first as their members may not be our
/// children.
std::size_t kill_and_reap(const std::vector<pid_t>& strays, const OwnChildren& own, std::set<pid_t>& killed) {
    std::size_t left = 0;
    for (const pid_t pid : strays) {
        const auto stat = stat_of(pid);
        if (!stat) continue;
        if (!gone(*stat)) {
            killed.insert(pid);
            const bool of_strays = stat->group > 1 && stat->group != ::getpgrp() && !own.contains(stat->group);
            if (of_strays) ::kill(-stat->group, SIGKILL);
            ::kill(pid, SIGKILL);
        }
        if (::waitpid(pid, nullptr, WNOHANG) == 0) ++left;
    }
    return left;
}

/// All that live below `root`, from one look at /proc. Stop `root` first, else it may start more meanwhile.
std::vector<pid_t> descendants_of(pid_t root) {
    std::multimap<pid_t, pid_t> children;
    std::set<pid_t> ended;
    each_process([&](pid_t pid, const Stat& stat) {
        children.emplace(stat.parent, pid);
        if (gone(stat)) ended.insert(pid);
    });
    std::vector<pid_t> found{root};
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto [first, last] = children.equal_range(found[i]);
        for (auto child = first; child != last; ++child) found.push_back(child->second);
    }
    found.erase(found.begin());
    std::erase_if(found, [&](pid_t pid) { return ended.contains(pid); });
    return found;
}

void kill_process(int pidfd, int signal) { ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0); }

Fd hold(pid_t pid) { return Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

/// Until none lives, or `end`. Those who lose their parent become children of `root`, if it is a subreaper, so looking
/// again finds also what was started between a look and a kill.
bool kill_descendants(pid_t root, Micros end) {
    for (;;) {
        std::vector<Fd> below;  // held before the first dies, so that no number can become another's
        for (const pid_t child : descendants_of(root)) below.push_back(hold(child));
        if (below.empty()) return true;
        for (const Fd& child : below) kill_process(child.get(), SIGKILL);
        if (monotonic() >= end) return false;
        ::poll(nullptr, 0, 1);
    }
}

}  // namespace

std::optional<std::uint64_t> start_time_of(pid_t pid, bool zombie_is_gone) {
    const auto stat = stat_of(pid);
    if (!stat || (zombie_is_gone && gone(*stat))) return std::nullopt;
    return stat->start_time;
}

bool kill_and_await(pid_t pid, std::uint64_t start_time, Micros limit) {
    // The descriptor holds on to whichever process has the pid now; only then is its identity looked at.
    const Fd pidfd = hold(pid);
    if (!pidfd || start_time_of(pid) != start_time) return true;
    const auto stat = stat_of(pid);
    const Micros end = monotonic() + limit;
    kill_process(pidfd.get(), SIGSTOP);
    const bool alone = kill_descendants(pid, end);
    kill_process(pidfd.get(), SIGKILL);
    // Workers lead a group of their own; never take the caller's along.
    if (stat && stat->group == pid && pid != ::getpgrp()) ::kill(-pid, SIGKILL);
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

OwnChildren own_children_locked() {
    static std::mutex mutex;
    static std::set<pid_t> pids;
    return {mutex, pids};
}

int reap_strays(Micros limit) {
    std::set<pid_t> killed;
    const Micros end = monotonic() + limit;
    for (;;) {
        std::size_t left = 0;
        {
            const auto own = own_children_locked();
            std::vector<pid_t> strays = children_or_none();
            std::erase_if(strays, [&](pid_t pid) { return own.contains(pid); });
            if (strays.empty()) break;
            left = kill_and_reap(strays, own, killed);
        }
        if (monotonic() >= end) break;
        if (left > 0) ::poll(nullptr, 0, 1);
    }
    return static_cast<int>(killed.size());
}

std::string boot_id() {
    std::string id = read_file("/proc/sys/kernel/random/boot_id");
    while (!id.empty() && id.back() == '\n') id.pop_back();
    return id;
}

}  // namespace foliot::process
