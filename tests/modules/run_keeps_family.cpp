// Starts a child that leaves a grandchild in a session of its own, writes both their pids to the file it is given, and
// ends for nobody but SIGKILL.
#include <foliot/job.hpp>

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

struct Args {
    std::string path;
    static constexpr auto schema() { return foliot::fields(foliot::field("path", &Args::path)); }
};

static void run(foliot::Context&, const Args& args) {
    ::signal(SIGTERM, SIG_IGN);
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    const pid_t child = ::fork();
    if (child == 0) {
        const pid_t grandchild = ::fork();
        if (grandchild == 0) ::setsid();
        if (grandchild > 0 && ::write(ends[1], &grandchild, sizeof grandchild) < 0) ::_exit(1);
        for (;;) ::pause();
    }
    pid_t grandchild = 0;
    if (::read(ends[0], &grandchild, sizeof grandchild) != sizeof grandchild) throw std::runtime_error("fork");
    std::ofstream(args.path + ".new") << child << ' ' << grandchild << '\n';
    std::rename((args.path + ".new").c_str(), args.path.c_str());
    for (;;) ::pause();
}

FOLIOT_MODULE("run_keeps_family", "1.0.0", module) { module.job<run>("run"); }
