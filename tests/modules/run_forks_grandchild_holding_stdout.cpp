// Leaves a grandchild in a session of its own that keeps the output open and ignores SIGTERM. Logs its pid.
#include <foliot/job.hpp>

#include <signal.h>
#include <unistd.h>

#include <string>

static void run(foliot::Context& context) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    if (::fork() == 0) {
        ::setsid();
        const pid_t grandchild = ::fork();
        if (grandchild > 0) ::_exit(::write(ends[1], &grandchild, sizeof grandchild) < 0);
        ::signal(SIGTERM, SIG_IGN);
        for (;;) ::pause();
    }
    pid_t pid = 0;
    if (::read(ends[0], &pid, sizeof pid) != sizeof pid) throw std::runtime_error("fork");
    ::close(ends[0]);
    ::close(ends[1]);
    context.info("grandchild " + std::to_string(pid));
}

FOLIOT_MODULE("run_forks_grandchild_holding_stdout", "1.0.0", module) { module.job<run>("run"); }
