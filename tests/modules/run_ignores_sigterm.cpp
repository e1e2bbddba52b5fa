// Neither a cancel nor SIGTERM ends it.
#include <foliot/job.hpp>

#include <signal.h>
#include <unistd.h>

static void run(foliot::Context& context) {
    ::signal(SIGTERM, SIG_IGN);
    context.info("ignoring");
    for (;;) ::pause();
}

FOLIOT_MODULE("run_ignores_sigterm", "1.0.0", module) { module.job<run>("run"); }
