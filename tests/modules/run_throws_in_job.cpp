// Throws what is no std::exception.

#include <foliot/job.hpp>

static void run(foliot::Context&) { throw 1; }

FOLIOT_MODULE("run_throws_in_job", "1.0.0", module) { module.job<run>("run"); }
