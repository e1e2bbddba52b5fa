// What a server takes, and its author should know better: an example that does not fit, help that is missing, a thread
// that loading starts, a handler that it installs, a descriptor that it keeps open.
#include <foliot/job.hpp>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace {

struct Args {
    int count = 1;
    static constexpr auto schema() { return foliot::fields(foliot::field("count", &Args::count).optional()); }
};

void run(foliot::Context&, const Args&) {}

[[maybe_unused]] const bool loaded = [] {
    std::thread([] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
    ::signal(SIGUSR1, [](int) {});
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0;
}();

}  // namespace

FOLIOT_MODULE("errs_to_its_author", "1.0.0", module) { module.job<run>("run", {.example = R"(["one"])"}); }
