#include "cli/child.hpp"

#include "base/error.hpp"
#include "base/fd.hpp"
#include "cli/command.hpp"
#include "runner/runner.hpp"

#include <poll.h>
#include <signal.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace foliot::cli {
namespace {

constexpr std::size_t kMostKept = 64UL << 10U;
constexpr Micros kStrayLimit = kSecond;

/// False: it has ended.
bool drain(Fd& from, std::string& into) {
    std::array<char, 16U << 10U> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the read
    while (from) {
        const std::ptrdiff_t n = read_some(from.get(), buffer);
        if (n < 0) return true;
        if (n == 0) {
            from.reset();
            return false;
        }
        into.append(buffer.data(), std::min(kMostKept - into.size(), static_cast<std::size_t>(n)));
    }
    return false;
}

std::string last_line(std::string_view text) {
    while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
    const std::size_t feed = text.rfind('\n');
    return std::string(feed == std::string_view::npos ? text : text.substr(feed + 1));
}

}  // namespace

std::string ChildReport::ending() const {
    const std::string said = err.empty() ? "" : ": " + last_line(err);
    if (timed_out) return "did not end within its limit and was killed" + said;
    if (exit.signal != 0) {
        const char* name = ::sigabbrev_np(exit.signal);
        return "crashed with " +
               (name == nullptr ? "signal " + std::to_string(exit.signal) : std::string("SIG") + name) + said;
    }
    return "ended with status " + std::to_string(exit.code) + said;
}

ChildReport run_child(const std::filesystem::path& program, const std::vector<std::string>& arguments, Micros limit,
                      const ChildOptions& options) {
    process::become_subreaper();
    FdPair out = make_output_pipe();
    FdPair err = make_output_pipe();
    FdPair answer = make_output_pipe();
    process::SpawnRequest request;
    request.program = program.string();
    request.arguments = arguments;
    request.environment = runner::worker_environment();
    request.environment.emplace_back("LD_BIND_NOW=1");
    request.environment.insert(request.environment.end(), options.environment.begin(), options.environment.end());
    request.out = out.theirs.get();
    request.err = err.theirs.get();
    request.extra = {answer.theirs.get()};
    const process::Child child = process::spawn(request);
    for (FdPair* pair : {&out, &err, &answer}) pair->theirs.reset();

    const SystemClock clock;
    const Micros end = clock.monotonic() + limit;
    ChildReport report;
    bool given_up = false;
    for (bool ended = false; !ended && !report.timed_out && !given_up;) {
        std::array<pollfd, 5> events{{{child.pidfd.get(), POLLIN, 0},
                                      {out.ours.get(), POLLIN, 0},
                                      {err.ours.get(), POLLIN, 0},
                                      {answer.ours.get(), POLLIN, 0},
                                      {options.interrupts, POLLIN, 0}}};
        const Micros left = std::max<Micros>(end - clock.monotonic(), 0);
        if (::poll(events.data(), events.size(), static_cast<int>(left / kMillisecond + 1)) < 0 && errno != EINTR)
            throw_errno("poll");
        ended = events[0].revents != 0;
        drain(out.ours, report.out);
        drain(err.ours, report.err);
        drain(answer.ours, report.answer);
        given_up = events[4].revents != 0;
        report.timed_out = !ended && clock.monotonic() >= end;
    }
    process::signal_child(child, SIGKILL);
    process::signal_group(child.pid, SIGKILL);  // before the reap: until then nobody else can have this number
    pollfd death{child.pidfd.get(), POLLIN, 0};
    while (::poll(&death, 1, -1) < 0 && errno == EINTR) {}
    report.exit = process::reap(child).value_or(process::ExitStatus{});
    process::reap_strays(kStrayLimit);
    if (given_up) throw CommandError("stopped", kStopped);
    return report;
}

}  // namespace foliot::cli
