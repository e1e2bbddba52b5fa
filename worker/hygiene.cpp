#include "hygiene.hpp"

#include "base/fd.hpp"
#include "options.hpp"
#include "process/spawn.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <string_view>

namespace foliot::worker {
namespace {

constexpr unsigned kCountEvery = 100;
constexpr int kExitingThreadTries = 20;  ///< milliseconds

Micros micros(const timeval& t) { return static_cast<Micros>(t.tv_sec) * kSecond + t.tv_usec; }

/// The folder has a link for each thread, besides its own two.
std::uint64_t count_threads() {
    struct stat status {};
    return ::stat("/proc/self/task", &status) == 0 ? status.st_nlink : 0;
}

int lowest_free_descriptor() {
    const int fd = ::fcntl(kControlFd, F_DUPFD_CLOEXEC, 0);
    if (fd >= 0) ::close(fd);
    return fd;
}

Fd copy_of(int fd) { return Fd(::fcntl(fd, F_DUPFD_CLOEXEC, kLedgerFd)); }

std::uint32_t count_descriptors() {
    std::uint32_t count = 0;
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), &::closedir);
    while (folder && ::readdir(folder.get()) != nullptr) ++count;  // NOLINT(concurrency-mt-unsafe): the stream is ours
    return count;
}

bool has_children() {
    siginfo_t ignored{};
    return ::waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

}  // namespace

Micros cpu_used() {
    rusage own{};
    rusage children{};
    ::getrusage(RUSAGE_SELF, &own);
    ::getrusage(RUSAGE_CHILDREN, &children);
    return micros(own.ru_utime) + micros(own.ru_stime) + micros(children.ru_utime) + micros(children.ru_stime);
}

namespace {

Fd open_statm() { return Fd(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)); }

/// The file has words, of pages: size, resident, shared, text, lib, data.
std::uint64_t word_of(const Fd& statm, int index) {
    std::array<char, 128> text{};
    const ssize_t length = ::pread(statm.get(), text.data(), text.size(), 0);
    if (length <= 0) return 0;
    std::string_view words(text.data(), static_cast<std::size_t>(length));
    for (; index > 0; --index) {
        const std::size_t blank = words.find(' ');
        if (blank == std::string_view::npos) return 0;
        words.remove_prefix(blank + 1);
    }
    std::uint64_t pages = 0;
    std::from_chars(words.begin(), words.end(), pages);
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

ResidentMemory::ResidentMemory() : statm_(open_statm()) {}

std::uint64_t ResidentMemory::bytes() const { return word_of(statm_, 1); }

std::uint64_t data_memory() { return word_of(open_statm(), 5); }

void end_descendants() {
    process::reap_strays(kSecond);
    // A bomb that grows faster than it is reaped: the whole group, this process too.
    if (has_children() && ::getpgrp() == ::getpid()) ::kill(0, SIGKILL);
}

Hygiene::Identity Hygiene::identity_of(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 ? Identity{status.st_dev, status.st_ino} : Identity{};
}

Hygiene::Hygiene()
    : out_(copy_of(STDOUT_FILENO)),
      err_(copy_of(STDERR_FILENO)),
      threads_(count_threads()),
      lowest_(lowest_free_descriptor()),
      descriptors_(count_descriptors()) {
    for (int fd = 0; fd <= kLogFd; ++fd) identities_.at(static_cast<std::size_t>(fd)) = identity_of(fd);
}

Leftovers Hygiene::after_run() {
    Leftovers left;
    if (has_children()) left.children = static_cast<std::uint32_t>(process::reap_strays(kSecond));
    left.threads = surplus_threads();
    left.descriptors = swapped_descriptors();
    left.descriptors += changed_descriptors();
    return left;
}

std::uint32_t Hygiene::surplus_threads() {
    std::uint64_t now = count_threads();
    // A thread that has been joined may take a moment to leave /proc.
    for (int i = 0; now > threads_ && i < kExitingThreadTries; ++i) {
        ::poll(nullptr, 0, 1);
        now = count_threads();
    }
    const std::uint64_t surplus = now > threads_ ? now - threads_ : 0;
    threads_ = now;
    return static_cast<std::uint32_t>(surplus);
}

std::uint32_t Hygiene::swapped_descriptors() {
    std::uint32_t swapped = 0;
    for (int fd = 0; fd <= kLogFd; ++fd) {
        Identity& known = identities_.at(static_cast<std::size_t>(fd));
        const Identity now = identity_of(fd);
        if (now == known) continue;
        ++swapped;
        const int copy = fd == STDOUT_FILENO ? out_.get() : fd == STDERR_FILENO ? err_.get() : -1;
        const bool back = copy >= 0 && identity_of(copy) == known && ::dup2(copy, fd) == fd;
        if (!back) known = now;
    }
    return swapped;
}

std::uint32_t Hygiene::changed_descriptors() {
    const int lowest = lowest_free_descriptor();
    if (lowest == lowest_ && ++runs_ % kCountEvery != 0) return 0;
    const std::uint32_t count = count_descriptors();
    std::uint32_t changed = count > descriptors_ ? count - descriptors_ : descriptors_ - count;
    if (lowest != lowest_ && changed == 0) changed = 1;  // one of ours was swapped
    lowest_ = lowest;
    descriptors_ = count;
    return changed;
}

}  // namespace foliot::worker
