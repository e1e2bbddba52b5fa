// Prints while it is loaded.
#include <foliot/job.hpp>

#include <unistd.h>

static void run(foliot::Context&) {}
[[gnu::constructor]] static void print() {
    if (::write(1, "loaded\n", 7) < 0) ::_exit(1);
}

FOLIOT_MODULE("ctor_prints", "1.0.0", module) { module.job<run>("run"); }
