// A description of 4 MiB.
#include <foliot/job.hpp>

#include <string>

static void run(foliot::Context&) {}

FOLIOT_MODULE("huge_meta", "1.0.0", module) {
    static const std::string help(4U << 20U, 'h');
    module.job<run>("run", {.help = help.c_str()});
}
