#include "process/table.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

#include <dirent.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace foliot::process {
namespace {

/// Only who is not there has none: whatever else is wrong must not pass for that.
std::string text_of(pid_t pid) {
    try {
        return read_file("/proc/" + std::to_string(pid) + "/stat");
    } catch (const std::system_error& e) {
        if (e.code().value() != ENOENT && e.code().value() != ESRCH) throw;
        return {};
    }
}

template <class Number>
void number(std::string_view word, Number& into) {
    std::from_chars(word.data(), word.data() + word.size(), into);
}

}  // namespace

/// The name in parentheses may hold anything, so fields count from its end.
std::optional<Stat> stat_of(pid_t pid) {
    const std::string text = text_of(pid);
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    Stat stat;
    std::string_view rest = std::string_view(text).substr(name_end + 1);
    for (int field = 3; field <= 22; ++field) {
        rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(word.size());
        if (field == 3 && !word.empty()) stat.state = word.front();
        if (field == 4) number(word, stat.parent);
        if (field == 5) number(word, stat.group);
        if (field == 6) number(word, stat.session);
        if (field == 20) number(word, stat.threads);
        if (field == 22) number(word, stat.start_time);
    }
    return stat;
}

void for_each_process(const std::function<void(pid_t, const Stat&)>& act) {
    const std::unique_ptr<DIR, int (*)(DIR*)> processes(::opendir("/proc"), &::closedir);
    if (!processes) throw_errno("read /proc");
    while (const dirent* entry = ::readdir(processes.get())) {  // NOLINT(concurrency-mt-unsafe): the stream is ours
        const std::string_view name = entry->d_name;
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc()) continue;
        if (const auto stat = stat_of(pid)) act(pid, *stat);
    }
}

/// From the parents of all: not every kernel has /proc/PID/task/TID/children.
Table Table::read() {
    Table table;
    for_each_process([&](pid_t pid, const Stat& stat) {
        table.all_.emplace(pid, stat);
        table.children_.emplace(stat.parent, pid);
    });
    return table;
}

const Stat* Table::find(pid_t pid) const {
    const auto found = all_.find(pid);
    return found == all_.end() ? nullptr : &found->second;
}

std::vector<pid_t> Table::children_of(pid_t parent) const {
    std::vector<pid_t> found;
    const auto [first, last] = children_.equal_range(parent);
    for (auto child = first; child != last; ++child) found.push_back(child->second);
    return found;
}

std::vector<pid_t> Table::descendants_of(const std::vector<pid_t>& roots) const {
    std::vector<pid_t> found = roots;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto children = children_of(found[i]);
        found.insert(found.end(), children.begin(), children.end());
    }
    found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(roots.size()));
    std::erase_if(found, [&](pid_t pid) { return all_.at(pid).gone(); });
    return found;
}

// glibc's <sys/pidfd.h> lacks extern "C" in 2.36.
Fd hold(pid_t pid) { return Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

void signal_held(const Fd& held, pid_t pid, int signal) {
    if (!held || ::syscall(SYS_pidfd_send_signal, held.get(), signal, nullptr, 0) == 0) return;
    if (errno == EPERM) report_refused_signal("process ", pid);
}

void kill_seen(pid_t pid, const Stat& seen) {
    const Fd held = hold(pid);
    const auto now = stat_of(pid);
    if (now && now->start_time == seen.start_time) signal_held(held, pid, SIGKILL);
}

void report_refused_signal(const char* whom, pid_t pid) {
    log::error(std::string("the kernel does not let this server signal ") + whom + std::to_string(pid) +
               ", which belongs to a job and goes on: end it by hand");
}

}  // namespace foliot::process
