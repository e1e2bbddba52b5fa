// Jobs that behave.
#include <foliot/job.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace {

struct Seconds {
    double seconds = 60;
    static constexpr auto schema() {
        return foliot::fields(foliot::field("seconds", &Seconds::seconds).range(0, 3600).optional());
    }
};
struct Two {
    int a = 0;
    std::string b;
    static constexpr auto schema() {
        return foliot::fields(foliot::field("a", &Two::a).range(0, 100), foliot::field("b", &Two::b).help("any text"));
    }
};

std::string ok(foliot::Context& context) {
    context.info("doing it");
    return "done";
}
void noop(foliot::Context&) {}
void fail(foliot::Context&) { throw std::runtime_error("failed on purpose"); }
void slow(foliot::Context& context, const Seconds& args) {
    context.info("sleeping");
    context.sleep_for(std::chrono::duration<double>(args.seconds));
}
foliot::Object two(foliot::Context&, const Two& args) { return foliot::Object{}.set("a", args.a).set("b", args.b); }
void any(foliot::Context&, const foliot::Arguments&) {}
std::string_view view(foliot::Context&, const Two& args) { return args.b; }

}  // namespace

FOLIOT_MODULE("tasks", "1.0.0", module) {
    module.job<ok>("ok", {.title = "Ok", .help = "Logs a line, returns \"done\""});
    module.job<noop>("noop");
    module.job<fail>("fail", {.max_retries = 2, .first_delay = std::chrono::milliseconds(50), .backoff = 2.0});
    module.job<slow>("slow");
    module.job<two>("two");
    module.job<view>("view", {.title = "View", .help = "Returns a view into its arguments"});
    module.job<any>("any", {.help = "Takes anything"});
}
