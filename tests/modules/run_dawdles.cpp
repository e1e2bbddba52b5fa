// {"wait": true}: waits until it is asked to end, and takes its time over that. Returns at once else.
#include <foliot/job.hpp>

#include <thread>

struct Args {
    bool wait = false;
    static constexpr auto schema() { return foliot::fields(foliot::field("wait", &Args::wait).optional()); }
};

static void run(foliot::Context& context, const Args& args) {
    if (!args.wait) return;
    try {
        context.sleep_for(std::chrono::minutes(10));
    } catch (const foliot::Cancelled&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        throw;
    }
}

FOLIOT_MODULE("run_dawdles", "1.0.0", module) { module.job<run>("run"); }
