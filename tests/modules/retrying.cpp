// Asks to be run again: {"how": "retry" | "snooze" | "fail" | "permanent", "delay_ms": 50, "until_attempt": 3}.
#include <foliot/job.hpp>

#include <stdexcept>
#include <string>

struct Args {
    std::string how = "retry";
    int delay_ms = 50;
    std::uint32_t until_attempt = 3;  // this attempt succeeds; 0: none does
    static constexpr auto schema() {
        using foliot::field;
        return foliot::fields(field("how", &Args::how).optional(),
                              field("delay_ms", &Args::delay_ms).at_least(0).optional(),
                              field("until_attempt", &Args::until_attempt).optional());
    }
};

static std::string run(foliot::Context& context, const Args& args) {
    if (args.until_attempt != 0 && context.attempt() >= args.until_attempt)
        return "attempt " + std::to_string(context.attempt());
    const std::chrono::milliseconds delay(args.delay_ms);
    if (args.how == "retry") throw foliot::RetryAfter(delay, "not now");
    if (args.how == "snooze") throw foliot::Snooze(delay);
    if (args.how == "permanent") throw foliot::PermanentFailure("never");
    throw std::runtime_error("this time");
}

FOLIOT_MODULE("retrying", "1.0.0", module) { module.job<run>("run"); }
