// Small jobs to try a server with, and to copy from.
#include <foliot/job.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;
using foliot::field;

struct HelloArgs {
    std::string name = "world";
    static constexpr auto schema() {
        return foliot::fields(field("name", &HelloArgs::name).help("Who is greeted").optional());
    }
};

std::string hello(foliot::Context& context, const HelloArgs& args) {
    std::string greeting = "Hello, " + args.name + "!";
    context.info(greeting);
    return greeting;
}

/// The positional arguments as a list; when there are named ones, both.
foliot::RawJson awesome(foliot::Context&, const foliot::Arguments& args) {
    const std::string positional = foliot::Json::of(args.positional());
    foliot::Object named;
    for (const auto& [name, value] : args.named()) named.set(name, value);
    foliot::RawJson all =
        named.empty()
            ? foliot::RawJson{positional}
            : foliot::RawJson{foliot::Object{}.set("args", foliot::RawJson{positional}).set("kwargs", named).json()};
    std::cout << "Hello from AwesomeJob! Arguments: " << all.text << '\n' << std::flush;
    return all;
}

struct FailArgs {
    std::string message = "failed as asked";
    static constexpr auto schema() {
        return foliot::fields(field("message", &FailArgs::message).help("What the failure says").optional());
    }
};

void fail(foliot::Context&, const FailArgs& args) { throw std::runtime_error(args.message); }

struct SlowArgs {
    double seconds = 10;
    static constexpr auto schema() {
        return foliot::fields(
            field("seconds", &SlowArgs::seconds).help("How long it takes").range(0, 86'400).optional());
    }
};

std::string slow(foliot::Context& context, const SlowArgs& args) {
    using std::chrono::duration;
    using std::chrono::steady_clock;
    const auto start = steady_clock::now();
    const duration<double> whole(args.seconds);
    for (duration<double> passed(0); passed < whole; passed = steady_clock::now() - start) {
        context.progress(passed / whole, "waiting");
        context.sleep_for(std::min<duration<double>>(whole - passed, 250ms));
    }
    context.progress(1);
    return "took " + foliot::Json::of(args.seconds) + " s";
}

struct ProgressArgs {
    int steps = 10;
    double step_seconds = 0.2;
    static constexpr auto schema() {
        return foliot::fields(
            field("steps", &ProgressArgs::steps).help("How many steps").range(1, 10'000).optional(),
            field("step_seconds", &ProgressArgs::step_seconds).help("How long each takes").range(0, 3'600).optional());
    }
};

foliot::Object progress(foliot::Context& context, const ProgressArgs& args) {
    for (int step = 1; step <= args.steps; ++step) {
        context.sleep_for(std::chrono::duration<double>(args.step_seconds));
        const std::string note = "step " + std::to_string(step) + " of " + std::to_string(args.steps);
        context.progress(static_cast<double>(step) / args.steps, note);
        context.info(note);
    }
    return foliot::Object{}.set("steps", args.steps);
}

}  // namespace

FOLIOT_MODULE("sample", FOLIOT_MODULE_VERSION, module) {
    module.job<hello>("hello", {.title = "Hello", .help = "Logs a greeting and returns it"});
    module.job<awesome>("AwesomeJob", {.title = "Awesome job",
                                       .help = "Prints and returns its arguments, whatever they are",
                                       .example = R"(["first argument AAA", "second argument BBB"])"});
    module.job<fail>("fail", {.title = "Fail", .help = "Fails with the given message"});
    module.job<slow>("slow", {.title = "Slow", .help = "Waits, reports progress, ends at once when cancelled"});
    module.job<progress>("progress", {.title = "Progress", .help = "Goes through some steps and reports each"});
}
