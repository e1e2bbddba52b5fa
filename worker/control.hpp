// The thread that listens to the server, and the queue between it and the job thread.
#pragma once

#include "base/clock.hpp"
#include "channel.hpp"
#include "hygiene.hpp"
#include "process/frames.hpp"
#include "run.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace foliot::worker {

struct Order {
    std::uint64_t run = 0;
    process::Start start;
};

class Control {
  public:
    /// Reads from `orders`, answers on `channel`.
    Control(int orders, Channel& channel, foliot_run& current, const Clock& clock)
        : orders_(orders), channel_(channel), current_(current), clock_(clock) {}

    /// Before start(): reads until the CONFIG frame; its JSON. Nothing: the server said QUIT or is gone.
    /// Throws process::ProtocolError.
    std::optional<std::string> await_config();
    /// Starts the thread; it lasts as long as the process, and ends it when the server is gone or breaks the protocol.
    void start();

    /// [job thread] The next order, which is from now on the one that CANCEL can reach. Sends `batch` (and empties it)
    /// before it has to wait. Nothing: QUIT, and no more orders.
    std::optional<Order> take(std::string& batch);
    /// [job thread] The server is gone: the queue is dropped. The control thread may still be reading what it had said.
    void drop_queue();
    /// [job thread] The order's code is about to be called. False: it was cancelled before.
    bool begin(Micros started);
    /// [job thread] Its code has returned, or was never called.
    void end();
    /// [job thread] No more orders are taken: `batch` is sent (and emptied), then all that wait and all that come are
    /// given back.
    void close(std::string& batch);

  private:
    void run();
    void read_frames();
    void handle(const process::FrameView& frame);
    void handle_cancel(std::uint64_t run, const process::Cancel& cancel);
    void recall();
    void give_back(const std::vector<std::uint64_t>& runs);
    Micros tick();  ///< what is due now is done; how long until the next; -1: nothing to wait for
    std::string heartbeat(Micros now);
    [[noreturn]] void end_with_server();

    const int orders_;
    Channel& channel_;
    foliot_run& current_;
    const Clock& clock_;
    const ResidentMemory memory_;
    process::FrameReader reader_{process::kMaxControlFrame};  // the control thread's, once it runs

    std::mutex mutex_;
    std::condition_variable work_;    // queue_, quit_
    std::condition_variable idle_;    // taken_
    std::deque<Order> queue_;         // guarded
    bool quit_ = false;               // guarded
    bool gone_ = false;               // guarded
    bool closed_ = false;             // guarded: what comes is given back
    std::uint64_t taken_ = 0;         // guarded: run with the job thread; 0: none
    Micros timeout_ = 0, grace_ = 0;  // guarded: of that run
    Micros called_ = 0;               // guarded: monotonic; 0: not yet
    Micros last_beat_ = 0;            // guarded
};

}  // namespace foliot::worker
