// The command line:
//   foliot-worker --module FILE --nonce HEX --work-dir DIR [LIMIT...]
//     runs jobs; fd 3 control, 4 log lines, 5 orders, 6 its ledger slot. Limits: --memory BYTES,
//     --cpu MICROSECONDS (of each run), --open_files N, --file_size BYTES, --nice N
//   foliot-worker --describe FILE
//     one DESCRIBE frame to fd 3
//   foliot-worker --remove DIR [--except NAME]
//     removes a folder, or all in it but NAME
//   foliot-worker --check-folder DIR
//     can folders be made there?
// and with each of them
//   --user UID:GID
//     becomes that user first, for ever
#pragma once

#include "process/privileges.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace foliot::worker {

inline constexpr int kControlFd = 3;
inline constexpr int kLogFd = 4;
inline constexpr int kOrdersFd = 5;
inline constexpr int kLedgerFd = 6;

/// 0: none. The names are those of ResourceLimits.
struct ProcessLimits {
    std::int64_t memory = 0, cpu = 0, open_files = 0, file_size = 0, nice = 0;
};

struct Options {
    enum class Act { run_jobs, describe, remove, check_folder } act = Act::run_jobs;
    std::optional<process::JobUser> user;
    std::string module;
    std::string folder;  ///< to remove or check
    std::string kept;    ///< what stays in it; "": it goes itself, too
    std::string nonce;   ///< process::kNonceBytes bytes
    std::string work_dir;
    ProcessLimits limits;
};

struct UsageError : std::runtime_error {
    using runtime_error::runtime_error;
};

/// Throws UsageError.
Options parse_options(const std::vector<std::string>& arguments);

}  // namespace foliot::worker
