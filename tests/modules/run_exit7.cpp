// Ends the process.
#include <foliot/job.hpp>

#include <cstdlib>

static void run(foliot::Context&) { std::exit(7); }

FOLIOT_MODULE("run_exit7", "1.0.0", module) { module.job<run>("run"); }
