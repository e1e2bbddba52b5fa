// Starts processes that are hard to find again: children with groups and sessions of their own, orphans, a crowd, and
// one that moves on to a new process, session and parent all the time. All of them ignore SIGTERM and hold the FIFO
// that the job is given, so whoever reads from it sees its end when the last is gone. Each writes a byte to it when it
// is there. Then the job hears nothing (`end`: ends by itself, leaving all of them behind).
#include <foliot/job.hpp>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

struct Args {
    std::string path;
    bool end = false;
    static constexpr auto schema() {
        return foliot::fields(foliot::field("path", &Args::path), foliot::field("end", &Args::end));
    }
};

namespace {

void report(int fifo) {
    if (::write(fifo, "x", 1) != 1) ::_exit(1);
}

[[noreturn]] void stay(int fifo) {
    report(fifo);
    for (;;) ::pause();
}

/// A fork in the child of which `act` never returns.
template <class Act>
void child(const Act& act) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        act();
        ::_exit(1);
    }
    if (pid < 0) throw std::runtime_error("fork");
}

/// Whoever looks at it sees a process that is about to be gone.
[[noreturn]] void hop(int fifo) {
    ::setsid();
    report(fifo);
    for (;;) {
        const pid_t next = ::fork();
        if (next > 0) ::_exit(0);
        if (next == 0) ::setsid();
        ::usleep(2000);
    }
}

[[noreturn]] void orphan(int fifo) {
    ::setsid();
    if (::fork() > 0) ::_exit(0);
    ::setpgid(0, 0);
    stay(fifo);
}

/// Two to the fifth processes, each with a session of its own.
[[noreturn]] void crowd(int fifo) {
    for (int generation = 0; generation < 5; ++generation) {
        ::fork();
        ::setsid();
    }
    stay(fifo);
}

void run(foliot::Context&, const Args& args) {
    ::signal(SIGTERM, SIG_IGN);
    const int fifo = ::open(args.path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fifo < 0) throw std::runtime_error("cannot open " + args.path);
    child([&] { stay(fifo); });
    child([&] { (void)::setpgid(0, 0), stay(fifo); });
    child([&] { (void)::setsid(), stay(fifo); });
    child([&] { orphan(fifo); });
    child([&] { crowd(fifo); });
    child([&] { hop(fifo); });
    if (!args.end) {
        for (;;) ::pause();
    }
    ::close(fifo);
}

}  // namespace

FOLIOT_MODULE("run_scatters", "1.0.0", module) { module.job<run>("run"); }
