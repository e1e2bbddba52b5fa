// Calls a function that nobody defines.
extern "C" int foliot_no_such_function();

#include <foliot/job.hpp>

static int run(foliot::Context&) { return foliot_no_such_function(); }

FOLIOT_MODULE("missing_symbol", "1.0.0", module) { module.job<run>("run"); }
