// Writes a step of everything, and the next one when the file that it was given the path of is there.
#include <foliot/job.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

struct Args {
    std::string path;
    static constexpr auto schema() { return foliot::fields(foliot::field("path", &Args::path)); }
};

static void write_step(foliot::Context& context, const std::string& step) {
    std::fputs(("out " + step + "\n").c_str(), stdout);
    std::fflush(stdout);
    std::fputs(("err " + step + "\n").c_str(), stderr);
    context.info("log " + step);
}

static void run(foliot::Context& context, const Args& args) {
    write_step(context, "one");
    while (::access(args.path.c_str(), F_OK) != 0) context.sleep_for(std::chrono::milliseconds(5));
    write_step(context, "two");
    std::fputs("no newline", stdout);
}

FOLIOT_MODULE("steps", "1.0.0", module) { module.job<run>("run"); }
