// Closes the descriptor by which the worker talks to the server.
#include <foliot/job.hpp>

#include <unistd.h>

static void run(foliot::Context&) { ::close(3); }

FOLIOT_MODULE("run_closes_fd3", "1.0.0", module) { module.job<run>("run"); }
