// {"to": FILE}: puts a file in the place of standard output and leaves it there. {"closes": true}: closes standard
// output and whatever is a copy of it, and goes on for a while. Without: prints a line on both
// outputs, then logs it.
#include <foliot/job.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>

struct Args {
    std::string to;
    bool closes = false;
    static constexpr auto schema() {
        return foliot::fields(foliot::field("to", &Args::to).optional(),
                              foliot::field("closes", &Args::closes).optional());
    }
};

static void run(foliot::Context& context, const Args& args) {
    if (args.to.empty() && !args.closes) {
        std::puts("private");
        std::fflush(stdout);
        std::fputs("private\n", stderr);
        context.info("private");
        return;
    }
    if (args.closes) {
        ::close(STDOUT_FILENO);
        for (int fd = 6; fd < 100; ++fd) ::close(fd);  // not what the worker needs of the server
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        return;
    }
    const int file = ::open(args.to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || ::dup2(file, STDOUT_FILENO) < 0) throw std::runtime_error("cannot redirect");
    ::close(file);
}

FOLIOT_MODULE("run_redirects_output", "1.0.0", module) { module.job<run>("run"); }
