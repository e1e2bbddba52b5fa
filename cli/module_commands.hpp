// The commands for those who write modules.
#pragma once

#include "cli/command.hpp"

namespace foliot::cli {

Command module_new();
Command module_check();
Command module_describe();
Command module_run();
/// One test of a module that runs its code, in a process of its own: what `module check` starts.
Command module_inspect();

}  // namespace foliot::cli
