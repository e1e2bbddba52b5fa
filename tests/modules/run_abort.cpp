// Calls abort().
#include <foliot/job.hpp>

#include <signal.h>

#include <cstdlib>

static void run(foliot::Context&) {
    ::signal(SIGABRT, SIG_DFL);
    std::abort();
}

FOLIOT_MODULE("run_abort", "1.0.0", module) { module.job<run>("run"); }
