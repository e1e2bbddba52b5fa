// Leaves a thread behind.
#include <foliot/job.hpp>

#include <unistd.h>

#include <thread>

static void run(foliot::Context&) {
    std::thread([] {
        for (;;) ::pause();
    }).detach();
}

FOLIOT_MODULE("run_leaks_thread", "1.0.0", module) { module.job<run>("run"); }
