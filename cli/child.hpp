// A program that is run for what it says, and may crash, hang or flood.
#pragma once

#include "base/clock.hpp"
#include "process/spawn.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace foliot::cli {

inline constexpr int kAnswerFd = 3;  ///< of the child

struct ChildReport {
    process::ExitStatus exit;
    bool timed_out = false;
    std::string out, err;  ///< what it printed, at most so much of it
    std::string answer;    ///< what it wrote to kAnswerFd

    bool succeeded() const { return !timed_out && exit.signal == 0 && exit.code == 0; }
    /// How it ended and the last line it said: "crashed with SIGSEGV: ...".
    std::string ending() const;
};

struct ChildOptions {
    std::vector<std::string> environment{};  ///< more than a worker has
    int interrupts = -1;                     ///< readable when it is to be given up
};

/// Runs it in a process group of its own, with missing symbols found at loading (LD_BIND_NOW); it and its group are
/// gone when this returns. Throws std::system_error when it cannot be started, CommandError when it was given up.
ChildReport run_child(const std::filesystem::path& program, const std::vector<std::string>& arguments, Micros limit,
                      const ChildOptions& options = {});

}  // namespace foliot::cli
