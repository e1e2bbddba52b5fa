// `run` aborts at once if the file exists that it is given, and is fast else; `other` does nothing.
#include <foliot/job.hpp>

#include <cstdlib>
#include <filesystem>

struct Args {
    std::string path;
    static constexpr auto schema() { return foliot::fields(foliot::field("path", &Args::path)); }
};

static void run(foliot::Context&, const Args& args) {
    if (std::filesystem::exists(args.path)) std::abort();
}

static void other(foliot::Context&) {}

FOLIOT_MODULE("run_aborts_if_told", "1.0.0", module) {
    module.job<run>("run");
    module.job<other>("other");
}
