// How `foliot` ends. Each command's --help says which of them it uses for what.
#pragma once

namespace foliot::cli {

enum ExitCode : int {
    kOk = 0,
    kFailed = 1,      ///< it was done, and the answer is no: a check found errors, a run failed
    kUsage = 2,       ///< the command line is wrong
    kImpossible = 3,  ///< it could not be done: no such file, no module, not allowed
    kStopped = 130,   ///< by Ctrl-C or SIGTERM
    kUnread = 141,    ///< whoever read standard output has gone, as `head` does: nothing is said of it
};

}  // namespace foliot::cli
