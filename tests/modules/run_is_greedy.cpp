// Takes as much of one thing as it is told, or as it gets.
#include <foliot/job.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace {

struct Much {
    double much = 0;
    bool ignores_signals = false;
    std::string path;
    static constexpr auto schema() {
        using foliot::field;
        return foliot::fields(field("much", &Much::much).optional(),
                              field("ignores_signals", &Much::ignores_signals).optional(),
                              field("path", &Much::path).optional());
    }
};

double cpu_seconds() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

void cpu(foliot::Context&, const Much& args) {
    const double end = cpu_seconds() + args.much;
    while (cpu_seconds() < end) {}
}

int files(foliot::Context&) {
    std::vector<int> open;
    for (int fd = 0; (fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) open.push_back(fd);
    for (const int fd : open) ::close(fd);
    return static_cast<int>(open.size());
}

std::string file(foliot::Context&, const Much& args) {
    if (args.ignores_signals) ::signal(SIGXFSZ, SIG_IGN);
    const std::string bytes(static_cast<std::size_t>(args.much), 'x');
    const int fd = ::open(args.path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ssize_t written = 0;
    for (std::size_t done = 0; done < bytes.size() && written >= 0; done += static_cast<std::size_t>(written))
        written = ::write(fd, bytes.data() + done, bytes.size() - done);
    const std::string error = written < 0 ? ::strerrorname_np(errno) : "none";
    ::close(fd);
    return error;
}

/// In pieces so small that nothing is left for anybody else, and keeps them.
void memory(foliot::Context&) {
    static std::vector<std::string*> kept;
    for (;;) kept.push_back(new std::string(100, 'm'));
}

foliot::Object process(foliot::Context&) {
    std::ifstream file("/proc/self/oom_score_adj");
    int oom_score_adj = 0;
    file >> oom_score_adj;
    return foliot::Object{}.set("nice", ::getpriority(PRIO_PROCESS, 0)).set("oom_score_adj", oom_score_adj);
}

}  // namespace

FOLIOT_MODULE("run_is_greedy", "1.0.0", module) {
    module.limits({.nice = 1});
    module.job<cpu>("cpu", {.limits = {.cpu = std::chrono::seconds(3)}});
    module.job<files>("files", {.limits = {.open_files = 100}});
    module.job<file>("file", {.limits = {.file_size = 1U << 20U}});
    module.job<memory>("memory", {.limits = {.memory = 64U << 20U, .nice = 2}});
    module.job<process>("process");
}
