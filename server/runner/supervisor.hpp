// The supervisor: all workers and all runs as one state machine on descriptors and the injected clock. It has no
// thread: whoever calls it does so under one lock. Only wait() may run outside of it.
#pragma once

#include "runner/checks.hpp"
#include "runner/group.hpp"
#include "runner/verdict.hpp"
#include "runner/work_folders.hpp"

#include <sys/epoll.h>

#include <limits>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

namespace foliot::runner {

class Supervisor final {
  public:
    /// The ledger needs a slot for each worker.
    Supervisor(Options options, const Clock& clock, process::Ledger& ledger);
    /// Kills what is left and waits for its end.
    ~Supervisor();
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    void submit(std::vector<RunOrder> orders);
    void stop(RunId run, StopWhy why);
    void replace_workers(const std::set<std::string>& modules);
    void shut_down(Micros wait);
    Collected collect();

    std::optional<OutputPiece> look(RunId run, const OutputPosition& seen) const;

    bool idle() const;  ///< no run is here, and none waits for collect()
    bool has_news() const { return news_; }
    std::size_t workers() const { return workers_.size(); }
    Census census() const;
    std::vector<pid_t> pids() const;

    struct Ready {
        std::vector<epoll_event> events;
        std::size_t count = 0;
    };
    /// How long wait() may sleep, on the monotonic clock; nothing: for ever.
    /// Who sends a run meanwhile wakes it if that is too long.
    std::optional<Micros> patience();
    /// Sleeps until a descriptor is ready, `limit` has passed, or wake() is called.
    void wait(std::optional<Micros> limit, Ready& ready) const;
    void wake();
    /// Everything that is there to be read first, then deaths, then timers, then new work.
    void handle(Ready& ready);
    /// wait() and handle() at once.
    void poll(Micros limit);

  private:
    // events
    void read_ready(const Ready& ready);
    void read_channels(const Ready& ready, bool control, std::vector<Worker*>& dead);
    void mute(Worker& worker, Worker::Pace& pace);
    void unmute(Worker& worker, Worker::Pace& pace);
    void on_readable(Worker& worker, Worker::Channel channel, bool to_end);
    bool read_once(Worker& worker, Worker::Channel channel);
    std::size_t take_bytes(Worker& worker, Worker::Channel channel, std::string_view bytes);
    std::size_t take_frames(Worker& worker, Worker::Channel channel, std::string_view bytes);
    void on_end_of_file(Worker& worker, Worker::Channel channel);
    bool on_frame(Worker& worker, const process::FrameView& frame);
    void on_hello(Worker& worker, const process::Hello& hello);
    bool on_started(Worker& worker, const process::FrameView& frame);
    void on_progress(Worker& worker, const process::FrameView& frame);
    bool on_result(Worker& worker, const process::FrameView& frame);
    void on_returned(Worker& worker, const process::Returned& returned);
    void on_log(Worker& worker, const process::FrameView& frame);
    void on_output(Worker& worker, Worker::Channel channel, std::vector<OutputCapture::Segment>& segments);
    void on_fault(Worker& worker, std::string what);
    static Run* find(Worker& worker, std::uint64_t ordinal);
    Span possible_times(const Run& run) const;
    std::optional<process::LedgerFinding> in_ledger(const Worker& worker, const Run& run) const;
    bool has_begun(const Worker& worker, const Run& run) const;
    void tell_leftovers(Worker& worker, Run& run, const process::Result& result);
    void settle_run(Worker& worker, Run& run, process::Result result);

    // deaths
    void bury(Worker& worker);
    void forsake(const Worker& worker);
    void clear_place(const Worker& worker, bool in_order);
    void count_end(process::ExitStatus exit, bool in_order);
    void judge_runs(Worker& worker, process::ExitStatus exit);
    void judge_one(Worker& worker, std::unique_ptr<Run> run, process::ExitStatus exit, bool& one_began);
    void tell_crash(const Worker& worker, const Run& run, bool one_began, Verdict& verdict);
    void blame_load(Worker& worker, process::ExitStatus exit);
    void await_restart(const Worker& worker);
    void note_changed(Group& group);

    // reports
    void report(std::unique_ptr<Run> run, Verdict verdict, const Worker* worker);
    void report_done(Worker& worker);
    static void hide_output(Run& run);
    static std::size_t max_output(const Run& run);
    void give_back(std::unique_ptr<Run> run);
    void tell_started(Worker& worker, Run& run);
    void tell_progress(Run& run);
    void forget_groups(bool also_current = false);

    // looking on
    KeptText text_of(const Worker& worker, const Run& run, Worker::Channel channel, HiddenText& hidden) const;
    const Run* writer_to(const Worker& worker, Worker::Channel channel) const;
    OutputPiece look(const Worker& worker, const Run& run, const OutputPosition& seen) const;

    // time
    void check_timers(Micros now);
    void check_worker(Worker& worker, Micros now);
    void check_group(Group& group, Micros now);
    void on_slow(Worker& worker, Run& run);
    void next_force(Worker& worker, Micros now);
    void hunt();
    void hunt_soon();
    Micros deadline() const;
    bool oversleeps() const;
    static Micros deadline_of(Worker& worker);

    // work
    void accept(RunOrder order);
    Group& group_of(const RunOrder& order);
    void outdate_others(const Group& group);
    void dispatch();
    void dispatch(Group& group);
    bool must_yield(const Group& group, const Run& run) const;
    bool is_served(const Group& group) const;
    Worker* place_for(const Group& group, const Run& run);
    bool has_space(const Worker& worker) const;
    void send_start(Worker& worker, std::unique_ptr<Run> run);
    void find_workers(Micros now);
    Micros idle_due() const;
    void retire_idle(Micros now);
    bool holds_place(const Worker& worker) const;
    bool several_modules() const;
    bool spawn_for(Group& group);
    void spawn_failed(Group& group, int code, const std::string& text);
    void back_off(Group& group);
    bool retire_other(const Group& group);
    void ask_to_stop(Worker& worker, Run& run, StopWhy why);
    void retire(Worker& worker);
    void quit(Worker& worker);
    void kill(Worker& worker);
    void recall(Worker& worker);
    static Micros recall_due(Worker& worker);
    void watch(Worker& worker);
    void watch(const Worker& worker, Worker::Channel channel, std::uint32_t events = EPOLLIN) const;
    void unwatch(const Worker& worker, Worker::Channel channel) const;
    void flush();
    std::size_t spawning(const Group& group) const;
    std::size_t leaving() const;
    std::size_t pending() const;
    store::Room room() const;

    const Options options_;
    const Clock& clock_;
    process::Ledger& ledger_;
    Fd epoll_, wake_;
    WorkFolders folders_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::map<std::string, std::unique_ptr<Group>> groups_;
    std::uint64_t last_ordinal_ = 0, last_serial_ = 0;
    Collected outbox_;
    std::vector<std::size_t> outbox_slots_,
        in_flight_slots_;           ///< of the finishes in the outbox, and of the last collect()
    std::vector<int> uncommitted_;  ///< a slot: runs the ledger must still remember
    Micros armed_ = 0;              ///< the deadline that wait() was told
    Census ever_;                   ///< what it says of all workers since the start
    bool news_ = false;
    bool shutting_down_ = false;
    Micros shutdown_due_ = 0;
    Micros hunt_due_ = 0;                ///< strays are to be looked for; 0: nobody is expected
    Micros hunt_pause_ = 0;              ///< after the last hunt; longer and longer while the same ones are left
    std::set<pid_t> strays_;             ///< whom the last hunt has left
    std::vector<process::Leaf> leaves_;  ///< of workers that are dead; not everybody in them is
    std::vector<char> buffer_;
};

}  // namespace foliot::runner
