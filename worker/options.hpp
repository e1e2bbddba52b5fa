// The command line:
//   foliot-worker --module FILE --nonce HEX --work-dir DIR    runs jobs; fd 3 control, 4 log lines, 5 its ledger slot
//   foliot-worker --describe FILE                             one DESCRIBE frame to fd 3
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace foliot::worker {

inline constexpr int kControlFd = 3;
inline constexpr int kLogFd = 4;
inline constexpr int kLedgerFd = 5;

struct Options {
    bool describe = false;
    std::string module;
    std::string nonce;  ///< process::kNonceBytes bytes
    std::string work_dir;
};

struct UsageError : std::runtime_error {
    using runtime_error::runtime_error;
};

/// Throws UsageError.
Options parse_options(const std::vector<std::string>& arguments);

}  // namespace foliot::worker
