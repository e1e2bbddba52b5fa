// Tries what a job of another user must not be able to do to the server. Its result is an object: who it is, and the
// list of what worked ("leaks").
#include <foliot/job.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

namespace {

struct Args {
    int server = 0;
    std::vector<std::string> paths;  ///< it tries to open and to write these
    static constexpr auto schema() {
        return foliot::fields(foliot::field("server", &Args::server), foliot::field("paths", &Args::paths));
    }
};

std::string leaks;

void leak(bool worked, const std::string& what) {
    if (worked) leaks += what + ";";
}

bool opens(const std::string& path, int flags) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
}

/// A line of /proc/self/status without its blanks: "CapEff:0000000000000000".
std::string status(const std::string& name) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(name + ":")) {
            std::erase_if(line, [](char c) { return c == ' ' || c == '\t'; });
            return line;
        }
    }
    return name + "?";
}

foliot::Object run(foliot::Context& context, const Args& args) {
    for (const std::string& path : args.paths) {
        leak(opens(path, O_RDONLY), "read " + path);
        leak(opens(path, O_WRONLY), "write " + path);
    }
    leak(::kill(args.server, 0) == 0 || ::kill(args.server, SIGCONT) == 0, "signal");
    leak(::ptrace(PTRACE_SEIZE, args.server, nullptr, nullptr) == 0, "ptrace");
    leak(::setuid(0) == 0 || ::seteuid(0) == 0 || ::setgid(0) == 0, "root");
    leak(::chroot("/") == 0, "chroot");
    leak(opens("/dev/tty", O_RDWR), "terminal");
    std::string said;
    for (const char* name : {"CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs", "Groups", "Uid", "Gid"}) {
        said += status(name) + " ";
    }
    // What programs do who open their output by name.
    const bool out = static_cast<bool>(std::ofstream("/dev/stdout") << "to the output by name\n" << std::flush);
    const bool file = static_cast<bool>(std::ofstream(context.work_dir() / "file") << "x" << std::flush);
    return foliot::Object{}
        .set("leaks", leaks)
        .set("who", said)
        .set("folder", context.work_dir().string())
        .set("writes", out && file);
}

}  // namespace

FOLIOT_MODULE("run_spies", "1.0.0", module) { module.job<run>("run"); }
