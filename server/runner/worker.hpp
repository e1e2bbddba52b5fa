// One worker process as the supervisor sees it: its descriptors, the runs it was sent, and how far we are in ending it.
// All instants without a note are of the monotonic clock.
#pragma once

#include "process/frames.hpp"
#include "process/spawn.hpp"
#include "runner/live_output.hpp"
#include "runner/output_capture.hpp"
#include "runner/runner.hpp"
#include "runner/throttle.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace foliot::runner {

/// At least so long between two words on a run's progress; workers keep to a longer one.
inline constexpr Micros kProgressPause = 100 * kMillisecond;

/// A run on its way through the runner: waiting, or sent to a worker.
struct Run {
    RunOrder order;
    std::uint64_t ordinal = 0;  ///< new with each START; never reused
    int deaths = 0;             ///< of workers that were new and had only this to begin with
    Micros since = 0;           ///< when it came, then when it became its worker's current run, then when it began
    Micros sent = 0;            ///< UTC by clock_offset
    Micros clock_offset = 0;    ///< UTC less CLOCK_BOOTTIME when it was sent: all its instants are by that clock
    Micros started = 0;         ///< UTC, as the worker says; 0: not known to have begun
    bool told = false;          ///< the engine knows that it runs
    StopWhy stop = StopWhy::none;
    std::optional<process::Result> result;
    Micros result_at = 0;
    std::optional<CappedText> out, err;  ///< once their markers have come
    LogCapture log;
    std::optional<store::Progress> progress;  ///< the last one
    Micros progress_told = 0;
    bool progress_owed = false;  ///< the last one is not told
};

/// As jobs name it.
inline std::string function_of(const Run& run) {
    return run.order.function.module->name + ':' + run.order.function.function->name;
}

struct Group;  // of workers that can stand in for each other

class Worker final {
  public:
    enum class Phase { spawning, ready, quitting };
    /// All but the last are read.
    enum Channel : unsigned { control_channel, log_channel, out_channel, err_channel, death_channel, order_channel };
    enum class Force { none, asked, term, kill };

    /// Spawns it. Throws std::system_error; then nothing is left behind.
    Worker(const Options& options, Group& group, const std::string& module_path, std::size_t slot, std::uint64_t serial,
           std::filesystem::path work_dir, int ledger_fd);
    /// Into its cgroup, if there is one, with its limits: before it gets anything to do, so that whatever it starts is
    /// in there, too. Throws std::system_error.
    void enter_leaf(const Options& options);

    /// Queues a frame for flush().
    void send(std::string_view frame) { outgoing_.append(frame); }
    /// Writes what the socket takes; true when something is left. A worker that is gone takes everything.
    bool flush();

    int fd(Channel channel) const;
    void close(Channel channel);
    /// The first run without a result: the one that runs or is about to.
    Run* current();
    /// A run is behind the current one.
    bool has_waiting();
    std::unique_ptr<Run> take(const Run& run);
    bool idle() const { return phase == Phase::ready && !retiring && runs.empty(); }

    Group& group;
    const std::size_t slot;
    const std::uint64_t serial;  ///< never reused
    const std::filesystem::path work_dir;
    process::Child child;
    std::optional<process::Leaf> leaf;  ///< its cgroup
    process::FrameReader control_frames{process::kMaxControlFrame}, log_frames{process::kMaxLogFrame};
    OutputCapture out, err;
    Arrivals arrivals;  ///< of its output and its log lines
    struct Pace {
        Throttle throttle;
        bool muted = false;  ///< its channels are not watched for a while
    };
    Pace output_pace, control_pace;  ///< of the same; and of the control channel
    Pace& pace_of(Channel channel) { return channel == control_channel ? control_pace : output_pace; }
    Phase phase = Phase::spawning;
    bool served = false;           ///< a START was sent to it
    bool other_release = false;    ///< its program speaks another protocol
    bool retiring = false;         ///< takes no more runs
    bool lost_output = false;      ///< a pipe of its output ended before it was told to quit
    bool slow = false;             ///< its current run has passed kSlow
    bool recalled = false;         ///< RECALL is sent and not answered
    Micros recall_due = 0;         ///< by then none may wait any more that was there at RECALL; 0: not asked for
    bool watching_writes = false;  ///< EPOLLOUT is asked for
    Force force = Force::none;
    Micros force_due = 0;         ///< of the next step; 0: none
    std::uint64_t force_run = 0;  ///< the run it is for; 0: for the worker itself
    Micros unreaped_since = 0;    ///< dead, but held by somebody who traces it; 0: not so
    std::string fault;            ///< protocol error, or why it did not get ready
    int runs_done = 0;
    std::set<std::uint32_t> functions_done;  ///< by their place in the module
    Micros idle_since = 0;                   ///< 0: it has something to do
    std::deque<std::unique_ptr<Run>> runs;   ///< in the order of their STARTs

  private:
    Worker(const Options& options, Group& of, const std::string& module_path, std::size_t slot, std::uint64_t serial,
           std::filesystem::path folder, int ledger_fd, const std::string& nonce);
    Fd orders_, control_, log_, out_, err_;
    std::string outgoing_;
    std::size_t written_ = 0;
};

}  // namespace foliot::runner
