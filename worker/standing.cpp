#include "standing.hpp"

#include <fcntl.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <clocale>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace foliot::worker {
namespace {

/// By the numbers of RLIMIT_*, which are the same on all that we run on.
constexpr std::array<const char*, RLIM_NLIMITS> kLimitNames{
    "CPU",     "FSIZE", "DATA",  "STACK",      "CORE",     "RSS",  "NPROC",  "NOFILE",
    "MEMLOCK", "AS",    "LOCKS", "SIGPENDING", "MSGQUEUE", "NICE", "RTPRIO", "RTTIME",
};

bool runs(int timer) {
    itimerval value{};
    return ::getitimer(static_cast<__itimer_which_t>(timer), &value) == 0 &&
           (value.it_value.tv_sec != 0 || value.it_value.tv_usec != 0);
}

mode_t current_umask() {
    const mode_t mask = ::umask(077);
    ::umask(mask);
    return mask;
}

std::string locale() {
    const char* name = std::setlocale(LC_ALL, nullptr);  // NOLINT(concurrency-mt-unsafe): no other thread of ours asks
    return name == nullptr ? "" : name;
}

std::string name_of_signal(int number) {
    const char* name = ::sigabbrev_np(number);
    return name == nullptr ? "signal " + std::to_string(number) : "SIG" + std::string(name);
}

/// The kernel's part of them; the C library has room for more signals than there are.
bool same(const sigset_t& a, const sigset_t& b) { return std::memcmp(&a, &b, (NSIG - 1) / 8) == 0; }

bool same(const struct sigaction& a, const struct sigaction& b) {
    if (a.sa_handler != b.sa_handler) return false;
    return a.sa_handler == SIG_DFL || a.sa_flags == b.sa_flags;  // the default has no use for flags
}

/// The set that the line has, a bit for each; all, where there is no such line.
std::uint64_t signals_in(std::string_view status, std::string_view line) {
    std::uint64_t set = ~std::uint64_t{0};
    if (const std::size_t at = status.find(line); at != std::string_view::npos) {
        status.remove_prefix(at + line.size());
        std::from_chars(status.data(), status.data() + status.size(), set, 16);
    }
    return set;
}

std::string name_in(const std::string& variable) { return variable.substr(0, variable.find('=')); }

}  // namespace

Standing::Standing()
    : umask_(current_umask()),
      alarm_(runs(ITIMER_REAL)),
      status_(::open("/proc/self/status", O_RDONLY | O_CLOEXEC)),
      locale_(locale()),
      niceness_(::getpriority(PRIO_PROCESS, 0)) {
    ::sigprocmask(SIG_SETMASK, nullptr, &mask_);
    for (std::size_t i = 0; i < limits_.size(); ++i) ::getrlimit(static_cast<__rlimit_resource_t>(i), &limits_.at(i));
}

Standing::Place Standing::directory() {
    struct stat status {};
    return ::stat(".", &status) == 0 ? Place{status.st_dev, status.st_ino} : Place{};
}

/// The kernel is asked one by one only for those that are caught, which are few.
Standing::Actions Standing::actions() const {
    std::array<char, 4096> text{};
    const ssize_t length = ::pread(status_.get(), text.data(), text.size(), 0);
    const std::string_view status(text.data(), static_cast<std::size_t>(std::max<ssize_t>(0, length)));
    const std::uint64_t ignored = signals_in(status, "\nSigIgn:\t");
    const std::uint64_t caught = signals_in(status, "\nSigCgt:\t");
    Actions actions{};
    for (std::size_t number = 1; number < kSignals; ++number) {
        const std::uint64_t bit = std::uint64_t{1} << (number - 1);
        if ((caught & bit) != 0) {
            ::sigaction(static_cast<int>(number), nullptr, &actions.at(number));  // the C library's own two stay empty
        } else if ((ignored & bit) != 0) {
            actions.at(number).sa_handler = SIG_IGN;
        }
    }
    return actions;
}

/// Those of timer_create, and the two beside the alarm clock. The file is there where the kernel can freeze processes.
std::size_t Standing::count_timers() {
    std::size_t count = (runs(ITIMER_VIRTUAL) ? 1U : 0U) + (runs(ITIMER_PROF) ? 1U : 0U);
    const Fd file(::open("/proc/self/timers", O_RDONLY | O_CLOEXEC));
    std::array<char, 4096> text{};
    for (ssize_t n = 0; file && (n = ::read(file.get(), text.data(), text.size())) > 0;) {
        // Each has a line "ClockID: ", and no other line has a C.
        count += static_cast<std::size_t>(std::count(text.begin(), text.begin() + n, 'C'));
    }
    return count;
}

std::vector<std::string> Standing::environment() {
    std::vector<std::string> variables;
    for (char** one = environ; one != nullptr && *one != nullptr; ++one) variables.emplace_back(*one);
    std::sort(variables.begin(), variables.end());
    return variables;
}

std::vector<std::string> Standing::quick_look() {
    std::vector<std::string> changed;
    if (const Place now = directory(); now != directory_) {
        directory_ = now;
        changed.emplace_back("the working directory");
    }
    if (::umask(umask_) != umask_) changed.emplace_back("the umask");
    sigset_t mask;
    if (::sigprocmask(SIG_SETMASK, &mask_, &mask) == 0 && !same(mask, mask_)) changed.emplace_back("the signal mask");
    if (const bool was = std::exchange(alarm_, runs(ITIMER_REAL)); alarm_ && !was)
        changed.emplace_back("an alarm (setitimer)");
    return changed;
}

std::vector<std::string> Standing::long_look() {
    std::vector<std::string> changed;
    look_at_actions(changed);
    if (std::vector<std::string> now = environment(); now != environment_) {
        std::vector<std::string> others;
        std::set_symmetric_difference(now.begin(), now.end(), environment_.begin(), environment_.end(),
                                      std::back_inserter(others));
        changed.push_back("the environment (" + name_in(others.front()) + (others.size() > 2 ? ", ..." : "") + ")");
        environment_ = std::move(now);
    }
    if (std::string now = locale(); now != locale_) {
        locale_ = std::move(now);
        changed.emplace_back("the locale");
    }
    const std::size_t timers = count_timers();
    if (timers > timers_) changed.push_back("timers (" + std::to_string(timers - timers_) + ")");
    timers_ = timers;
    look_at_limits(changed);
    if (const int now = ::getpriority(PRIO_PROCESS, 0); now != std::exchange(niceness_, now))
        changed.emplace_back("the niceness");
    return changed;
}

void Standing::look_at_actions(std::vector<std::string>& changed) {
    const Actions now = actions();
    for (std::size_t number = 1; number < kSignals; ++number) {
        if (!same(now.at(number), actions_.at(number)))
            changed.push_back("what " + name_of_signal(static_cast<int>(number)) + " does");
    }
    actions_ = now;
}

/// But for the soft limit of processor time, which the host itself raises from run to run.
void Standing::look_at_limits(std::vector<std::string>& changed) {
    for (std::size_t i = 0; i < limits_.size(); ++i) {
        rlimit now{};
        if (::getrlimit(static_cast<__rlimit_resource_t>(i), &now) != 0) continue;
        const rlimit known = std::exchange(limits_.at(i), now);
        const bool soft = i != RLIMIT_CPU && now.rlim_cur != known.rlim_cur;
        if (soft || now.rlim_max != known.rlim_max)
            changed.push_back(std::string("the limit RLIMIT_") + kLimitNames.at(i));
    }
}

}  // namespace foliot::worker
