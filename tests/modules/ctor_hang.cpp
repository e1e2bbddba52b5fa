// Never finishes loading.
#include <foliot/job.hpp>

#include <unistd.h>

static void run(foliot::Context&) {}
[[gnu::constructor]] static void hang() {
    for (;;) ::pause();
}

FOLIOT_MODULE("ctor_hang", "1.0.0", module) { module.job<run>("run"); }
