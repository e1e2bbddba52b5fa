// Keeps 64 MiB more each time.
#include <foliot/job.hpp>

#include <string>
#include <vector>

static void run(foliot::Context&) {
    static std::vector<std::string> hoard;
    hoard.emplace_back(64U << 20U, 'h');
}

FOLIOT_MODULE("run_hoards_memory", "1.0.0", module) { module.job<run>("run"); }
