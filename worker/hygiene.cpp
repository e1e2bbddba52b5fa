#include "hygiene.hpp"

#include "base/fd.hpp"
#include "base/processor_time.hpp"
#include "options.hpp"
#include "process/spawn.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <string_view>
#include <utility>

namespace foliot::worker {
namespace {

constexpr unsigned kLongLookEvery = 100;
constexpr int kExitingThreadTries = 20;  ///< milliseconds

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

std::string some(std::uint64_t count, const char* what) {
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

void append(std::string& list, const std::vector<std::string>& words) {
    for (const std::string& word : words) list.append(list.empty() ? "" : ", ").append(word);
}

bool has_children() {
    siginfo_t ignored{};
    return ::waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

}  // namespace

Micros cpu_used() { return processor_time(Whose::own) + processor_time(Whose::children); }

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
      tasks_(::open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
      threads_(count_threads()),
      lowest_(lowest_free_descriptor()),
      descriptors_(count_descriptors()) {
    for (std::size_t i = 0; i < kWatched.size(); ++i) identities_.at(i) = identity_of(kWatched.at(i));
}

std::string Hygiene::after_run(Look look) {
    ++unseen_;
    const std::vector<std::string> seen = short_look();
    std::string left;
    append(left, seen);
    if (look == Look::brief && seen.empty() && unseen_ < kLongLookEvery) return left;
    append(left, long_look());
    const unsigned unseen = std::exchange(unseen_, 0);
    // What only the long look finds may have been there before: nobody is blamed for what another has done.
    if (!left.empty() && seen.empty() && unseen > 1)
        left += " (noticed only now: it may be from any of the last " + std::to_string(unseen) + " runs)";
    return left;
}

std::vector<std::string> Hygiene::short_look() {
    std::vector<std::string> seen;
    if (has_children()) {
        if (const int children = process::reap_strays(kSecond); children > 0)
            seen.push_back(children == 1 ? "a child process" : std::to_string(children) + " child processes");
    }
    if (const auto threads = surplus_threads(); threads > 0) seen.push_back(some(threads, "thread"));
    const std::uint32_t swapped = swapped_descriptors();
    const bool moved = lowest_free_descriptor() != lowest_;
    const std::uint32_t descriptors = swapped + (moved ? std::max(1U, changed_descriptors()) : 0U);
    if (descriptors > 0) seen.push_back(some(descriptors, "descriptor"));
    for (std::string& one : standing_.quick_look()) seen.push_back(std::move(one));
    return seen;
}

std::vector<std::string> Hygiene::long_look() {
    std::vector<std::string> seen;
    if (const auto descriptors = changed_descriptors(); descriptors > 0)
        seen.push_back(some(descriptors, "descriptor"));
    for (std::string& one : standing_.long_look()) seen.push_back(std::move(one));
    return seen;
}

/// The folder has a link for each thread, besides its own two.
std::uint64_t Hygiene::count_threads() const {
    struct stat status {};
    return ::fstat(tasks_.get(), &status) == 0 ? status.st_nlink : 0;
}

std::uint64_t Hygiene::surplus_threads() {
    std::uint64_t now = count_threads();
    // A thread that has been joined may take a moment to leave /proc.
    for (int i = 0; now > threads_ && i < kExitingThreadTries; ++i) {
        ::poll(nullptr, 0, 1);
        now = count_threads();
    }
    const std::uint64_t surplus = now > threads_ ? now - threads_ : 0;
    threads_ = now;
    return surplus;
}

std::uint32_t Hygiene::swapped_descriptors() {
    std::uint32_t swapped = 0;
    for (std::size_t i = 0; i < kWatched.size(); ++i) {
        const int fd = kWatched.at(i);
        Identity& known = identities_.at(i);
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
    lowest_ = lowest_free_descriptor();
    const std::uint32_t count = count_descriptors();
    const std::uint32_t before = std::exchange(descriptors_, count);
    return count > before ? count - before : before - count;
}

}  // namespace foliot::worker
