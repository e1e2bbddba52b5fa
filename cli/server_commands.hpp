// The commands that ask a server.
#pragma once

#include "cli/command.hpp"

namespace foliot::cli {

Command status();
Command doctor();
Command scheduler_pause();
Command scheduler_resume();
Command scheduler_start();
Command scheduler_drain();
Command scheduler_undrain();
Command jobs_list();
Command jobs_show();
Command jobs_add();
Command jobs_run();
Command jobs_pause();
Command jobs_resume();
Command jobs_remove();
Command executions_list();
Command executions_show();
Command executions_log();
Command executions_stop();
Command executions_retry();
Command modules();
Command functions_resume();
Command token_create();
Command token_list();
Command token_revoke();

/// What the exit status of most of them means, for their --help.
inline constexpr const char* kEnding =
    "Ends with 0: done; 2: the command line is wrong; 3: it could not be done (no answer, no right,\n"
    "no such thing, refused), with the reason on standard error; 130: stopped by Ctrl-C.\n";

}  // namespace foliot::cli
