// Ctrl-C and SIGTERM as something to wait for.
#pragma once

namespace foliot::cli {

/// From the first call on they no longer end this process. A descriptor that is readable once one has come.
/// (By handlers, not by blocking: a debugger sees them first, and programs that a job starts have them as usual.)
int interrupts();

/// From now on one ends this process again.
void end_at_next_interrupt();

/// Throws CommandError (kStopped) once one has come.
void throw_if_interrupted();

}  // namespace foliot::cli
