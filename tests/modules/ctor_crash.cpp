// Crashes while it is loaded.
#include <foliot/job.hpp>

#include <signal.h>

static void run(foliot::Context&) {}
[[gnu::constructor, gnu::no_sanitize("undefined")]] static void crash() {
    ::signal(SIGSEGV, SIG_DFL);
    volatile int* volatile nowhere = nullptr;
    *nowhere = 1;
}

FOLIOT_MODULE("ctor_crash", "1.0.0", module) { module.job<run>("run"); }
