// The limits of this process and of each run in it. They keep mistakes of a job from the machine, not one that means
// ill: what is soft a job may raise again, and programs that it starts have the same limits each for itself.
#pragma once

#include "options.hpp"

#include <memory>

namespace foliot::worker {

/// The kernel shall take a worker for want of memory, never the server. What the job starts inherits that.
void offer_to_oom_killer();

/// Memory, descriptors, size of files, niceness: for good, so before any code of the module's. What the system does not
/// allow is left as near as it can be; the server has said so.
void limit_process(const ProcessLimits& limits);

/// What is per run. Job thread.
class RunLimits {
  public:
    explicit RunLimits(const ProcessLimits& limits);
    /// The run may use so much processor time from now on, in whole seconds, the last one begun; beyond, SIGXCPU ends
    /// the process.
    void begin();
    /// What follows is the worker's own.
    void end();

  private:
    const ProcessLimits limits_;
};

/// Memory for what is left to do when a job has used up its own.
class MemoryReserve {
  public:
    void keep();  ///< before a run
    void give();  ///< at its end, or when it has failed

  private:
    std::unique_ptr<char[]> held_;
};

}  // namespace foliot::worker
