// Waits until it is asked to stop, then fails by itself instead of giving up. Wants to be tried again.
#include <foliot/job.hpp>

#include <stdexcept>

static void run(foliot::Context& context) {
    try {
        context.sleep_for(std::chrono::minutes(10));
    } catch (const foliot::Cancelled&) {
        throw std::runtime_error("could not tidy up");
    }
}

FOLIOT_MODULE("run_fails_when_cancelled", "1.0.0", module) {
    module.job<run>("run", {.max_retries = 3, .first_delay = std::chrono::milliseconds(10)});
}
