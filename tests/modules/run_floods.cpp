// {"what": W, "megabytes": N}: so much on standard output in lines of a KiB, the first and the last of them numbered
// ("lines"), or in one line ("line"), or as log lines of a KiB ("log").
#include <foliot/job.hpp>

#include <cstdint>
#include <cstdio>
#include <string>

struct Args {
    std::string what;
    std::int64_t megabytes = 0;
    static constexpr auto schema() {
        return foliot::fields(foliot::field("what", &Args::what), foliot::field("megabytes", &Args::megabytes));
    }
};

static void run(foliot::Context& context, const Args& args) {
    constexpr std::size_t size = 1024;
    const std::int64_t count = args.megabytes * 1024;
    for (std::int64_t i = 0; i < count; ++i) {
        std::string line = std::to_string(i) + " ";
        line.resize(size - 1, 'x');
        line += args.what == "lines" ? '\n' : 'x';
        if (args.what == "log") {
            context.info(line);
        } else {
            std::fwrite(line.data(), 1, line.size(), stdout);
        }
    }
}

FOLIOT_MODULE("run_floods", "1.0.0", module) { module.job<run>("run"); }
