// A real foliot-worker with the test in the server's place.
#pragma once

#include "base/fd.hpp"
#include "process/frames.hpp"
#include "process/ledger.hpp"
#include "process/spawn.hpp"
#include "support/temp_dir.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace foliot::testing {

/// A frame that has been copied out of the reader.
struct Frame {
    std::uint8_t type = 0;
    std::uint64_t run = 0;
    std::string body;

    bool is(process::FrameType wanted) const { return type == static_cast<std::uint8_t>(wanted); }
    template <class T>
    T as() const {
        return process::decode<T>(process::FrameView{type, 0, run, body});
    }
};

struct WorkerOptions {
    std::string module;         ///< "tasks": in the fixtures' folder
    std::string config = "{}";  ///< "-": none is sent
    bool await_hello = true;
};

/// Killed by its destructor if it still lives.
class WorkerProcess {
  public:
    explicit WorkerProcess(const WorkerOptions& options);
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;
    ~WorkerProcess();

    void send(std::string_view frames);
    /// START of run number `run`, which is also its execution; the claim is 1.
    void start(std::uint64_t run, std::uint32_t function = 0, const std::string& args = "[]",
               const std::string& kwargs = "{}", Micros timeout = 0);
    /// Reads until there is such a frame that was not handed out before, and hands it out. Fails the test after 20 s.
    Frame await(process::FrameType type, std::uint64_t run = 0);
    process::Result result_of(std::uint64_t run) {
        return await(process::FrameType::result, run).as<process::Result>();
    }
    process::ExitStatus wait();
    bool alive();

    /// Reads what there is. True if there was anything.
    bool pump(int timeout_ms);

    process::LedgerPhase phase(std::int64_t execution) const;

    TempDir dir;
    process::Ledger ledger;
    process::Child child;
    Fd orders, control, log_pipe, out_pipe, err_pipe;
    Micros clock_offset = SystemClock().now() - SystemClock().boottime();  ///< of orders
    std::string nonce = "0123456789abcdef";
    std::vector<Frame> frames;  ///< all that came on the control pipe, in order
    std::vector<Frame> lines;   ///< LOG frames
    std::string out, err;

  private:
    process::FrameReader reader_{process::kMaxControlFrame}, log_reader_{process::kMaxLogFrame};
    std::vector<bool> handed_out_;
    std::optional<process::ExitStatus> status_;
};

/// Runs foliot-worker --describe; `json` is empty when it sent no frame.
struct Description {
    std::string json, err;
    process::ExitStatus status;
};
Description describe(const std::string& module);

}  // namespace foliot::testing
