// The worker's own code around a function that is called right here.
#include "base/bell.hpp"
#include "base/error.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/run_request.hpp"
#include "cli/scratch.hpp"
#include "runner/verdict.hpp"
#include "worker/call.hpp"
#include "worker/channel.hpp"
#include "worker/module_library.hpp"
#include "worker/run.hpp"
#include "worker/server_clock.hpp"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <thread>

namespace foliot::cli {
namespace {

constexpr std::uint64_t kRun = 1;

std::string words_of(const process::Log& line) {
    static constexpr std::array<std::string_view, 4> kLevels{"DEBUG", "INFO", "WARNING", "ERROR"};
    const auto level = static_cast<std::size_t>(std::clamp(line.level, 0, 3));
    return std::string(kLevels.at(level)) + " " + line.text + (line.fields.empty() ? "" : " " + line.fields);
}

/// What the server would do: hears what the run says, cancels it. A thread of its own, since the run has this one.
class Listener {
  public:
    Listener(foliot_run& run, int control, int log, Audience& audience, int interrupts)
        : run_(run), control_(control), log_(log), audience_(audience), interrupts_(interrupts) {
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before);  // signals belong to the function's thread
        thread_ = std::thread([this] { listen(); });
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
    ~Listener() { stop(); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    void limit(Micros timeout) {
        if (timeout <= 0) return;
        due_ = clock_.monotonic() + timeout;
        bell_.ring();
    }
    /// Everything said so far has been heard when it returns.
    void stop() {
        if (!thread_.joinable()) return;
        stopping_ = true;
        bell_.ring();
        thread_.join();
    }
    bool interrupted() const { return interrupted_; }

  private:
    void listen() {
        while (!stopping_) {
            std::array<pollfd, 4> events{
                {{control_, POLLIN, 0}, {log_, POLLIN, 0}, {bell_.fd(), POLLIN, 0}, {interrupts_, POLLIN, 0}}};
            const Micros due = due_;
            const Micros left = due == 0 ? 0 : std::max<Micros>(due - clock_.monotonic(), 0);
            ::poll(events.data(), events.size(), due == 0 ? -1 : static_cast<int>(left / kMillisecond + 1));
            bell_.clear();
            hear();
            if (events[3].revents != 0) {
                interrupts_ = -1;
                interrupted_ = true;
                run_.cancel(FOLIOT_CANCEL_USER);
                end_at_next_interrupt();  // nobody kills what does not listen
            }
            if (due != 0 && clock_.monotonic() >= due) {
                due_ = 0;
                run_.cancel(FOLIOT_CANCEL_TIMEOUT);
            }
        }
        hear();
    }

    void hear() {
        take(control_, control_frames_);
        take(log_, log_frames_);
    }

    void take(int fd, process::FrameReader& frames) {
        std::array<char, 16U << 10U> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the read
        for (;;) {
            const std::ptrdiff_t n = read_some(fd, buffer);
            if (n <= 0) return;
            frames.feed({buffer.data(), static_cast<std::size_t>(n)});
            while (const auto frame = frames.next()) on_frame(*frame);
        }
    }

    void on_frame(const process::FrameView& frame) {
        if (frame.type == static_cast<std::uint8_t>(process::FrameType::log)) {
            const auto line = process::decode<process::Log>(frame);
            audience_.on_log(line.at, words_of(line));
        } else if (frame.type == static_cast<std::uint8_t>(process::FrameType::progress)) {
            const auto word = process::decode<process::Progress>(frame);
            audience_.on_progress(std::isnan(word.fraction) ? std::nullopt : std::optional(word.fraction), word.note);
        }
    }

    foliot_run& run_;
    const int control_, log_;
    Audience& audience_;
    int interrupts_;  // the thread's
    SystemClock clock_;
    Bell bell_;
    std::atomic<Micros> due_ = 0;  ///< monotonic; 0: never
    std::atomic<bool> stopping_ = false, interrupted_ = false;
    process::FrameReader control_frames_{process::kMaxControlFrame}, log_frames_{process::kMaxLogFrame};
    std::thread thread_;
};

process::Start order_of(const RunRequest& request, Micros now) {
    process::Start start;
    start.execution = static_cast<std::int64_t>(kRun);
    start.function = request.function->index;
    start.scheduled = now;
    start.timeout = request.timeout;
    start.grace = request.grace;
    start.execution_id = start.job_id = "command-line";
    start.job_name = request.function->name;
    start.args = request.args;
    start.kwargs = request.kwargs;
    return start;
}

class Here {
  public:
    Here(const RunRequest& request, Audience& audience, int interrupts)
        : request_(request),
          audience_(audience),
          listener_(run_, control_pair_.ours.get(), log_pair_.ours.get(), audience, interrupts) {}

    RunReport call() {
        const worker::ModuleLibrary library(request_.module->path);
        worker::init_module(library.descriptor(), run_, request_.config, request_.module->path, scratch_ / "init");
        process::Result result;
        result.started = clock_.now();
        run_.prepare(kRun, order_of(request_, result.started), scratch_ / "run");
        run_.begin(clock_.wall());
        listener_.limit(request_.timeout);
        audience_.on_started();
        const auto index = request_.function->index;
        if (index >= library.descriptor().job_count) throw CommandError("the module's file changed; run it again");
        const std::int32_t outcome = worker::call_function(*library.descriptor().jobs[index], run_);
        std::fflush(nullptr);  // what it printed comes before how it ended
        audience_.on_returned();
        result.cancelled = run_.cancel_state();
        result.ended = clock_.now();
        const std::string last_word = run_.finish(outcome, result);
        control_.send(last_word);
        run_.remove_work_dir();
        listener_.stop();
        runner::Evidence evidence{.timeout = request_.timeout, .result = result};
        if (listener_.interrupted()) evidence.stop = StopWhy::user;
        return {runner::judge(evidence), result.started, result.ended, 0};
    }

  private:
    const RunRequest& request_;
    Audience& audience_;
    Scratch scratch_;
    worker::ServerClock clock_;
    FdPair control_pair_ = make_socket_pair(), log_pair_ = make_socket_pair();
    worker::Channel control_{control_pair_.theirs.get()}, log_{log_pair_.theirs.get()};
    foliot_run run_{control_, log_, clock_};
    Listener listener_;
};

}  // namespace

RunReport run_in_process(const RunRequest& request, Audience& audience, int interrupts) {
    try {
        return Here(request, audience, interrupts).call();
    } catch (const worker::ModuleError& error) {
        throw CommandError(error.what());
    }
}

}  // namespace foliot::cli
