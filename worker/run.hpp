// The run that job code sees: what it was given, what it said, and whether it shall end. One object serves all runs of
// the process one after the other, so that a thread that a job left behind never reaches freed memory.
#pragma once

#include "arguments.hpp"
#include "base/clock.hpp"
#include "base/fd.hpp"
#include "channel.hpp"
#include "limits.hpp"
#include "process/frames.hpp"

#include <foliot/abi.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

struct foliot_run final {
  public:
    foliot_run(foliot::worker::Channel& control, foliot::worker::Channel& log, const foliot::Clock& clock);
    foliot_run(const foliot_run&) = delete;
    foliot_run& operator=(const foliot_run&) = delete;

    // ---- the host's side; job thread but where said
    /// Takes the order's texts; `run` 0 is init's. Throws json::SyntaxError when the arguments are unusable.
    void prepare(std::uint64_t run, foliot::process::Start start, std::string work_dir);
    void begin(foliot::Micros now);
    const foliot::process::Start& order() const { return start_; }
    /// Moves what job code said into `result` and forgets the run: later calls by stray threads are ignored.
    /// Returns a last PROGRESS frame if one is owed.
    std::string finish(std::int32_t outcome, foliot::process::Result& result);
    void remove_work_dir();
    /// For the end of this run, should it use up all memory that it may have.
    void reserve_memory() { reserve_.keep(); }
    void cancel(std::int32_t why);                              ///< any thread; the first one counts
    void reset_cancel();                                        ///< while nobody can cancel
    std::string due_progress(foliot::Micros monotonic);         ///< any thread; a frame, or empty
    foliot::Micros silent_since() const { return last_sign_; }  ///< any thread; monotonic

    // ---- what foliot_host offers
    const foliot_run_info* info() const { return &info_; }
    const foliot_value* args() const { return args_.root(); }
    const foliot_value* kwargs() const { return kwargs_.root(); }
    std::string_view work_dir();
    void log(std::int32_t level, std::string_view text, std::string_view fields);
    void progress(double fraction, std::string_view note);
    std::int32_t cancel_state() const { return cancelled_.load(std::memory_order_acquire); }
    int cancel_fd() const { return cancel_event_.get(); }
    void set_result(std::string_view json);
    void set_error(std::string_view code, std::string_view text);
    void set_delay(std::int64_t us) { delay_ = us < 0 ? 0 : us; }

  private:
    void take_result(std::int32_t& outcome, foliot::process::Result& into);

    foliot::worker::Channel& control_;
    foliot::worker::Channel& log_;
    const foliot::Clock& clock_;
    foliot::Fd cancel_event_;
    std::atomic<std::int32_t> cancelled_ = FOLIOT_RUNNING;
    std::atomic<foliot::Micros> last_sign_ = 0;
    std::atomic<std::uint64_t> run_ = 0;
    std::atomic<bool> active_ = false;
    std::atomic<std::uint32_t> log_level_ = FOLIOT_LOG_INFO;

    foliot_run_info info_{};
    foliot::process::Start start_;
    foliot::worker::Arguments args_{foliot::worker::Arguments::Shape::list};
    foliot::worker::Arguments kwargs_{foliot::worker::Arguments::Shape::map};
    foliot::worker::MemoryReserve reserve_;
    std::string result_, error_code_, error_text_, work_dir_;
    int results_ = 0;
    bool work_dir_made_ = false;
    foliot::Micros delay_ = 0;

    std::mutex progress_mutex_;
    std::optional<foliot::process::Progress> progress_;  // guarded: said but not sent
    foliot::Micros progress_sent_ = 0;                   // guarded; monotonic
};
