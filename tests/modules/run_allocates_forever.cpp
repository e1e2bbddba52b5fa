// Takes all memory it can get and uses it.
#include <foliot/job.hpp>

#include <cstring>

static void run(foliot::Context& context) {
    constexpr std::size_t size = 16U << 20U;
    for (;;) {
        context.checkpoint();

        auto* volatile block = static_cast<char*>(::operator new(size));
        std::memset(block, 1, size);
    }
}

FOLIOT_MODULE("run_allocates_forever", "1.0.0", module) { module.job<run>("run"); }
