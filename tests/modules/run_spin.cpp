// Never looks whether it is cancelled.

#include <foliot/job.hpp>

static void run(foliot::Context& context) {
    context.info("spinning");
    volatile unsigned turns = 0;
    for (;;) turns = turns + 1;
}

FOLIOT_MODULE("run_spin", "1.0.0", module) { module.job<run>("run"); }
