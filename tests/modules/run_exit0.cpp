// Ends the process as if all were well.
#include <foliot/job.hpp>

#include <cstdlib>

static void run(foliot::Context&) { std::exit(0); }

FOLIOT_MODULE("run_exit0", "1.0.0", module) { module.job<run>("run"); }
