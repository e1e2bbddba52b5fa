// Returns a result of 8 MiB.
#include <foliot/job.hpp>

#include <string>

static std::string run(foliot::Context&) { return std::string(8U << 20U, 'r'); }

FOLIOT_MODULE("run_big_result", "1.0.0", module) { module.job<run>("run"); }
