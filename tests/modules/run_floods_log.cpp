// Prints 100 MB.
#include <foliot/job.hpp>

#include <cstdio>
#include <string>

static void run(foliot::Context&) {
    const std::string line = std::string(1023, 'x') + '\n';
    for (int i = 0; i < 100 * 1024; ++i) std::fwrite(line.data(), 1, line.size(), stdout);
}

FOLIOT_MODULE("run_floods_log", "1.0.0", module) { module.job<run>("run"); }
