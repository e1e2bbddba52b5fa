// Signals are blocked in every thread and taken one at a time by the main thread; a handler of ours never runs.
#pragma once

namespace foliot::app {

enum class Request { stop, reload };

/// First thing in main(), before any thread exists: blocks TERM, INT, QUIT, HUP and PIPE for this thread and all it
/// starts, and gives faults their default action (a true core, no handler of a library).
void block_signals();

/// Sleeps until somebody wants something: TERM, INT or QUIT stop; HUP reloads.
Request wait_for_request();

}  // namespace foliot::app
