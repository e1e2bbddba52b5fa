// Asks a module what it holds, in a child process that may crash, hang or lie.
#pragma once

#include "base/clock.hpp"
#include "module/catalogue.hpp"
#include "process/privileges.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace foliot::module {

/// How foliot-worker ends when the module is to blame; the reason is on its standard error. (Its own list:
/// worker/exit_codes.hpp.)
enum class WorkerExit {
    load_error = 65,
    no_entry = 66,
    entry_null = 67,
    entry_threw = 68,
    bad_descriptor = 69,
    abi_too_new = 74
};

struct Description {
    Status status = Status::ok;  ///< ok, load_error, crashed, timed_out, abi_too_new or invalid_metadata
    std::string problem;
    std::string json;     ///< as the child sent it, unchecked; with ok only
    bool killed = false;  ///< by a SIGKILL that was not ours, or reaped by somebody else: worth another try
};

/// Runs `worker_program --describe file`, as `user` if there is one; the child and its process group are gone when this
/// returns. It gives up, as at the limit, when the descriptor `give_up` becomes readable. Throws std::system_error when
/// the child cannot even be started.
Description describe(const std::filesystem::path& worker_program, const std::filesystem::path& file, Micros limit,
                     int give_up = -1, const std::optional<process::JobUser>& user = {});

}  // namespace foliot::module
