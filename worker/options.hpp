// The command line:
//   foliot-worker --module FILE --slot N --nonce HEX --work-dir DIR    runs jobs; fd 3 control, 4 log lines, 5 start
//                                                                      ledger
//   foliot-worker --describe FILE                                      one DESCRIBE frame to fd 3
//   foliot-worker --remove DIR [--except NAME]                         removes a folder, or all in it but NAME
//   foliot-worker --check-folder DIR                                   can folders be made there?
// and with each of them
//   --user UID:GID                                                     becomes that user first, for ever
#pragma once

#include "process/privileges.hpp"

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace foliot::worker {

inline constexpr int kControlFd = 3;
inline constexpr int kLogFd = 4;
inline constexpr int kLedgerFd = 5;

struct Options {
    enum class Act { run_jobs, describe, remove, check_folder } act = Act::run_jobs;
    std::optional<process::JobUser> user;
    std::string module;
    std::string folder;  ///< to remove or check
    std::string kept;    ///< what stays in it; "": it goes itself, too
    std::size_t slot = 0;
    std::string nonce;  ///< process::kNonceBytes bytes
    std::string work_dir;
};

struct UsageError : std::runtime_error {
    using runtime_error::runtime_error;
};

/// Throws UsageError.
Options parse_options(const std::vector<std::string>& arguments);

}  // namespace foliot::worker
