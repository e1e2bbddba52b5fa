// Writes to address 0.
#include <foliot/job.hpp>

#include <signal.h>

[[gnu::no_sanitize("undefined")]] static void run(foliot::Context& context) {
    context.info("about to crash");
    ::signal(SIGSEGV, SIG_DFL);  // a sanitizer would turn the signal into an exit
    volatile int* volatile nowhere = nullptr;
    *nowhere = 1;
}

FOLIOT_MODULE("run_segv", "1.0.0", module) { module.job<run>("run"); }
