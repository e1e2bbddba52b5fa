// From what is known about a run that is over to its verdict. Pure.
#pragma once

#include "domain/execution.hpp"
#include "process/frames.hpp"
#include "process/ledger.hpp"
#include "process/spawn.hpp"

#include <optional>
#include <string>

namespace foliot::runner {

/// The reason of a run that got no more memory; a worker's error code, too.
inline constexpr const char* kOutOfMemory = "out_of_memory";

struct Evidence {
    StopWhy stop = StopWhy::none;  ///< we asked the run to stop, and why
    bool killed = false;           ///< we sent TERM or KILL because of `stop`
    Micros timeout = 0;            ///< the run's own; 0: none
    LimitsInForce limits = {};
    std::optional<process::Result> result = {};
    std::optional<process::LedgerFinding> ledger = {};  ///< with phase ended it replaces a RESULT that was lost
    std::string protocol_error = {};                    ///< what the worker did wrong, if it did
    std::optional<process::ExitStatus> exit = {};       ///< the worker is dead
    bool out_of_memory = false;                         ///< the kernel says so
    std::string last_lines = {};                        ///< what the run said last
};

/// The first that applies: a result (cancelled: by why it was asked to stop), a kill of ours, a broken protocol, lack
/// of memory, the signal, the exit status. Success is only ever a result.
Verdict judge(const Evidence& evidence);

/// Of a run without a result: its process ended by itself or broke the protocol; nobody ended it for a stop or a limit,
/// nor for want of memory, which others may have used up.
bool is_crash(const Verdict& verdict);

/// A run that was stopped before its code began.
Verdict stopped_before_start(StopWhy why);
/// A run whose worker could not be started or could not load the module.
Verdict cannot_run(std::string reason, std::string text);

}  // namespace foliot::runner
