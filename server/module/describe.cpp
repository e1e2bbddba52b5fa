#include "module/describe.hpp"

#include "base/error.hpp"
#include "base/fd.hpp"
#include "process/frames.hpp"
#include "process/spawn.hpp"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

namespace foliot::module {
namespace {

constexpr std::size_t kMaxDescription = (1U << 20U) + 256;  // a MiB of JSON and its frame
constexpr std::size_t kMaxErrorText = 2048;                 // kept of what the child writes to its standard error
constexpr Micros kStrayLimit = 200 * kMillisecond;          // to end what it has started and left behind

/// Readable once `limit` has passed, whatever happens to the wall clock.
Fd make_deadline(Micros limit) {
    Fd timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!timer) throw_errno("timerfd_create");
    itimerspec when{};
    when.it_value.tv_sec = limit / kSecond;
    when.it_value.tv_nsec = static_cast<long>(limit % kSecond) * 1000;
    if (limit <= 0) when.it_value.tv_nsec = 1;  // zero would disarm it
    if (::timerfd_settime(timer.get(), 0, &when, nullptr) != 0) throw_errno("timerfd_settime");
    return timer;
}

/// The text on one line, without what a terminal would act upon.
std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool printable = static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
        if (printable)
            out += c;
        else if (c == '\n' && !out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

class Probe {
  public:
    Probe(const std::filesystem::path& worker, const std::filesystem::path& file, Micros limit, int give_up,
          const std::optional<process::JobUser>& user)
        : deadline_(make_deadline(limit)), give_up_(give_up), limit_(limit) {
        FdPair control = make_output_pipe();
        FdPair errors = make_output_pipe();
        process::SpawnRequest request;
        request.program = worker.string();
        request.arguments = {"--describe", file.string()};
        if (user) request.arguments.insert(request.arguments.end(), {"--user", user->text()});
        request.environment = {"LD_BIND_NOW=1"};
        request.err = errors.theirs.get();
        request.extra = {control.theirs.get()};
        child_ = process::spawn(request);
        control_ = std::move(control.ours);
        errors_ = std::move(errors.ours);
    }
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;
    ~Probe() {
        if (child_.pid > 0) put_down();
    }

    Description run() {
        while (!ended_ && !timed_out_ && broken_.empty()) wait();
        if (ended_) {  // what it wrote before its end may still lie in the pipes
            drain_control();
            drain_errors();
        }
        const std::optional<process::ExitStatus> exit = put_down();
        return judge(exit);
    }

  private:
    void wait() {
        std::array<pollfd, 5> fds{{{child_.pidfd.get(), POLLIN, 0},
                                   {deadline_.get(), POLLIN, 0},
                                   {control_.get(), POLLIN, 0},  // a negative descriptor is ignored by poll
                                   {errors_.get(), POLLIN, 0},
                                   {give_up_, POLLIN, 0}}};
        if (::poll(fds.data(), fds.size(), -1) < 0) {
            if (errno == EINTR) return;
            throw_errno("poll");
        }
        if (fds[2].revents != 0) drain_control();
        if (fds[3].revents != 0) drain_errors();
        ended_ = fds[0].revents != 0;
        timed_out_ = !ended_ && (fds[1].revents != 0 || fds[4].revents != 0);
    }

    void drain_control() {
        std::array<char, 16 << 10> buffer;
        while (control_ && broken_.empty()) {
            const std::ptrdiff_t n = read_some(control_.get(), buffer);
            if (n < 0) return;
            if (n == 0) return control_.reset();
            take_frames({buffer.data(), static_cast<std::size_t>(n)});
        }
    }

    void take_frames(std::string_view bytes) {
        try {
            reader_.feed(bytes);
            while (const auto frame = reader_.next()) {
                if (reply_) throw process::ProtocolError("it described itself twice");
                reply_ = process::decode<process::Describe>(*frame).json;
            }
        } catch (const process::ProtocolError& error) {
            broken_ = error.what();
        }
    }

    void drain_errors() {
        std::array<char, 4096> buffer;
        while (errors_) {
            const std::ptrdiff_t n = read_some(errors_.get(), buffer);
            if (n < 0) return;
            if (n == 0) return errors_.reset();
            const std::size_t room = kMaxErrorText - error_text_.size();
            error_text_.append(buffer.data(), std::min(room, static_cast<std::size_t>(n)));
            if (room == 0) return;  // a flood: the deadline ends it
        }
    }

    /// Kills what is left of the child, its group and what it left to us, reaps it. Nothing when somebody else has
    /// reaped it.
    std::optional<process::ExitStatus> put_down() noexcept {
        const process::Child child = std::exchange(child_, {});
        try {
            process::signal_child(child, SIGKILL);      // it may have left its group
            process::signal_group(child.pid, SIGKILL);  // before the reap: until then nobody else can have this number
            pollfd end{child.pidfd.get(), POLLIN, 0};
            while (::poll(&end, 1, -1) < 0 && errno == EINTR) {}
            const auto exit = process::reap(child);
            process::reap_strays(kStrayLimit);
            return exit;
        } catch (const std::system_error&) {
            return std::nullopt;  // a hunt for stray processes was faster
        }
    }

    Description judge(const std::optional<process::ExitStatus>& exit) const;

    Fd deadline_, control_, errors_;
    int give_up_;
    Micros limit_;
    process::Child child_;
    process::FrameReader reader_{kMaxDescription};
    std::optional<std::string> reply_;
    std::string error_text_, broken_;
    bool ended_ = false, timed_out_ = false;
};

/// The worker ended on its own without a description.
Description refusal(int exit_code, const std::string& quoted) {
    switch (static_cast<WorkerExit>(exit_code)) {
        case WorkerExit::load_error: return {Status::load_error, "cannot be loaded" + quoted, {}};
        case WorkerExit::entry_null:
        case WorkerExit::abi_too_new: return {Status::abi_too_new, "needs a newer server" + quoted, {}};
        case WorkerExit::no_entry:
        case WorkerExit::entry_threw:
        case WorkerExit::bad_descriptor: return {Status::invalid_metadata, "its descriptor is refused" + quoted, {}};
    }
    return {Status::crashed, "ended itself (exit " + std::to_string(exit_code) + ") while being loaded" + quoted, {}};
}

Description Probe::judge(const std::optional<process::ExitStatus>& exit) const {
    const std::string said = one_line(error_text_);
    const std::string quoted = said.empty() ? "" : ": " + said;
    if (timed_out_)
        return {Status::timed_out,
                "could not be loaded and described within " + std::to_string(limit_ / kSecond) + " s",
                {}};
    if (!broken_.empty()) return {Status::invalid_metadata, "its description cannot be read: " + broken_, {}};
    if (!exit || exit->signal == SIGKILL)
        return {
            Status::crashed, "was killed while being loaded (for its memory or processor time?)" + quoted, {}, true};
    if (exit->signal != 0) {
        const char* name = ::sigabbrev_np(exit->signal);
        const std::string signal = name != nullptr ? name : std::to_string(exit->signal);
        return {Status::crashed, "crashed while being loaded: SIG" + signal + quoted, {}};
    }
    if (exit->code != 0 || !reply_) return refusal(exit->code, quoted);
    return {Status::ok, {}, *reply_};
}

}  // namespace

Description describe(const std::filesystem::path& worker_program, const std::filesystem::path& file, Micros limit,
                     int give_up, const std::optional<process::JobUser>& user) {
    return Probe(worker_program, file, limit, give_up, user).run();
}

}  // namespace foliot::module
