// Ends by itself after a second, and aborts when it is asked to before.
#include <foliot/job.hpp>

#include <chrono>
#include <cstdlib>

static void run(foliot::Context& context) {
    try {
        context.sleep_for(std::chrono::seconds(1));
    } catch (const foliot::Cancelled&) {
        std::abort();
    }
}

FOLIOT_MODULE("run_aborts_when_cancelled", "1.0.0", module) { module.job<run>("run"); }
