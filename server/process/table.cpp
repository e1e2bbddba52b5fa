#include "process/table.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

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

/// Few entries at a time: what is listed long before it is looked at has ended meanwhile, and who came instead is not
/// listed. So one that moves on to a new process all the time would never be seen.
void for_each_process(const std::function<void(pid_t, const Stat&)>& act) {
    const Fd processes(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!processes) throw_errno("open /proc");
    alignas(dirent64) std::array<char, 256> entries{};
    for (;;) {
        const ssize_t size = ::getdents64(processes.get(), entries.data(), entries.size());
        if (size < 0) throw_errno("read /proc");
        if (size == 0) return;
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            const auto* entry = reinterpret_cast<const dirent64*>(&entries.at(at));  // NOLINT: getdents64(2)
            at += entry->d_reclen;
            const std::string_view name = entry->d_name;
            pid_t pid = 0;
            if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc()) continue;
            if (const auto stat = stat_of(pid)) act(pid, *stat);
        }
    }
}

std::vector<pid_t> listed_children() {
    std::vector<pid_t> children;
    std::error_code ignored;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
        std::ifstream list(thread.path() / "children");
        std::copy(std::istream_iterator<pid_t>(list), {}, std::back_inserter(children));
    }
    return children;
}

// glibc's <sys/pidfd.h> lacks extern "C" in 2.36.
Fd hold(pid_t pid) { return Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

void signal_held(const Fd& held, pid_t pid, int signal) {
    if (!held || ::syscall(SYS_pidfd_send_signal, held.get(), signal, nullptr, 0) == 0) return;
    if (errno == EPERM) report_refused_signal(pid);
}

void kill_seen(pid_t pid, const Stat& seen) {
    const Fd held = hold(pid);
    const auto now = stat_of(pid);
    if (now && now->start_time == seen.start_time) signal_held(held, pid, SIGKILL);
}

namespace {

/// 0: nobody knows.
std::uint64_t known_start_time(pid_t pid) noexcept {
    try {
        const auto stat = stat_of(pid);
        return stat ? stat->start_time : 0;
    } catch (const std::system_error&) {  // short of descriptors
        return 0;
    }
}

}  // namespace

void report_refused_signal(pid_t whom) {
    static std::mutex mutex;
    static std::map<pid_t, std::uint64_t> told;  // by their start times: numbers are used again
    constexpr std::size_t most_told = 10'000;
    const pid_t pid = std::abs(whom);
    const std::uint64_t start_time = known_start_time(pid);
    {
        const std::lock_guard lock(mutex);
        if (told.size() >= most_told) told.clear();
        const auto [at, is_new] = told.try_emplace(whom, start_time);
        if (!is_new && std::exchange(at->second, start_time) == start_time) return;
    }
    log::error("process-not-signalled", std::string("the kernel does not let this server signal ") +
                                            (whom < 0 ? "group " : "process ") + std::to_string(pid) +
                                            ", which belongs to a job and goes on: end it by hand");
}

}  // namespace foliot::process
