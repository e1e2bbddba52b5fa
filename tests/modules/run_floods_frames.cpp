// Writes many log lines and much progress.
#include <foliot/job.hpp>

#include <string>

static void run(foliot::Context& context) {
    for (int i = 0; i < 200'000; ++i) {
        context.info("line " + std::to_string(i), foliot::Object{}.set("i", i));
        context.progress(i / 200'000.0, "flooding");
    }
}

FOLIOT_MODULE("run_floods_frames", "1.0.0", module) { module.job<run>("run"); }
