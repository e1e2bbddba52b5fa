#include "limits.hpp"

#include "base/fd.hpp"
#include "hygiene.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <string_view>

namespace foliot::worker {
namespace {

using Resource = decltype(RLIMIT_CORE);

constexpr std::string_view kOomScore = "800";  ///< of 1000; the server has 0 or what systemd gave it
constexpr rlim_t kReserve = rlim_t{1} << 20U;
/// The reserve, frames on their way in and out, arenas of the threads.
constexpr rlim_t kOwnMemory = kReserve + (rlim_t{7} << 20U);
constexpr rlim_t kStillToOpen = 8;  ///< descriptors of the worker's own

/// At most what the process may have anyway, and for good.
void limit(Resource what, rlim_t wished) {
    rlimit now{};
    if (::getrlimit(what, &now) != 0) return;
    const rlim_t value = std::min(wished, now.rlim_max);
    const rlimit both{value, value};
    ::setrlimit(what, &both);
}

void limit_memory([[maybe_unused]] std::int64_t bytes) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // those take terabytes
    // Not RLIMIT_AS: that counts what is only reserved, too, 64 MiB of it for each thread that allocates.
    limit(RLIMIT_DATA, data_memory() + kOwnMemory + static_cast<rlim_t>(bytes));
#endif
}

void limit_descriptors(std::int64_t count) {
    const Fd next(::fcntl(kControlFd, F_DUPFD_CLOEXEC, kLedgerFd));
    limit(RLIMIT_NOFILE, static_cast<rlim_t>(next.get()) + kStillToOpen + static_cast<rlim_t>(count));
}

/// As they were at the start, whatever an earlier run has done.
void restore(int signal) {
    struct sigaction usual {};
    usual.sa_handler = SIG_DFL;
    ::sigaction(signal, &usual, nullptr);
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal);
    ::pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
}

/// Of this process, without its children.
Micros own_cpu() {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<Micros>(used.tv_sec) * kSecond + used.tv_nsec / 1000;
}

void set_soft_cpu(rlim_t seconds) {
    rlimit now{};
    if (::getrlimit(RLIMIT_CPU, &now) != 0) return;
    now.rlim_cur = std::min(seconds, now.rlim_max);
    ::setrlimit(RLIMIT_CPU, &now);
}

}  // namespace

void offer_to_oom_killer() {
    const Fd file(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
    if (file) [[maybe_unused]]
        const ssize_t written = ::write(file.get(), kOomScore.data(), kOomScore.size());
}

void limit_process(const ProcessLimits& limits) {
    if (limits.nice > 0) ::setpriority(PRIO_PROCESS, 0, ::getpriority(PRIO_PROCESS, 0) + static_cast<int>(limits.nice));
    if (limits.file_size > 0) limit(RLIMIT_FSIZE, static_cast<rlim_t>(limits.file_size));
    if (limits.open_files > 0) limit_descriptors(limits.open_files);
    if (limits.memory > 0) limit_memory(limits.memory);
}

RunLimits::RunLimits(const ProcessLimits& limits) : limits_(limits) {}

void RunLimits::begin() {
    if (limits_.file_size > 0) restore(SIGXFSZ);
    if (limits_.cpu == 0) return;
    restore(SIGXCPU);
    const Micros until = own_cpu() + limits_.cpu;
    set_soft_cpu(static_cast<rlim_t>((until + kSecond - 1) / kSecond));
}

void RunLimits::end() {
    if (limits_.cpu > 0) set_soft_cpu(RLIM_INFINITY);
}

void MemoryReserve::keep() {
    if (!held_) held_.reset(new (std::nothrow) char[kReserve]);
}

void MemoryReserve::give() { held_.reset(); }

}  // namespace foliot::worker
