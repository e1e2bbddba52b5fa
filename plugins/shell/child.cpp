#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace shell {
namespace fs = std::filesystem;
namespace {

void check(int error, const std::string& what) {
    if (error != 0) throw std::runtime_error(what + ": " + std::generic_category().message(error));
}

/// execvp looks into our PATH, but a job that sets PATH means the child's.
std::string find_program(const Command& command) {
    const std::string& name = command.argv.front();
    if (name.find('/') != std::string::npos) return name;
    const auto path = command.env.find("PATH");
    std::string_view folders = path == command.env.end() ? "" : std::string_view(path->second);
    while (!folders.empty()) {
        const std::string_view folder = folders.substr(0, folders.find(':'));
        folders.remove_prefix(std::min(folders.size(), folder.size() + 1));
        const fs::path candidate = fs::path(folder) / name;
        std::error_code ignored;
        if (!folder.empty() && fs::is_regular_file(candidate, ignored) && ::access(candidate.c_str(), X_OK) == 0)
            return candidate;
    }
    throw std::runtime_error("cannot run '" + name + "': not found in PATH");
}

class Actions final {
  public:
    explicit Actions(const fs::path& cwd) {
        check(::posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init");
        check(::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0), "/dev/null");
        check(::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1), "closefrom");
        check(::posix_spawn_file_actions_addchdir_np(&actions_, cwd.c_str()), "chdir");
    }
    ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    const posix_spawn_file_actions_t* get() const { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

class Attributes final {
  public:
    Attributes() {
        check(::posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    const posix_spawnattr_t* get() const { return &attributes_; }

  private:
    posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

pid_t spawn(const Command& command) {
    const std::string program = find_program(command);
    std::vector<std::string> argv = command.argv;
    std::vector<std::string> env;
    env.reserve(command.env.size());
    for (const auto& [name, value] : command.env) env.emplace_back(name).append("=").append(value);
    const Actions actions(command.cwd);
    const Attributes attributes;
    pid_t pid = -1;
    check(::posix_spawn(&pid, program.c_str(), actions.get(), attributes.get(), pointers(argv).data(),
                        pointers(env).data()),
          "cannot run '" + program + "'");
    return pid;
}

struct ProcessState {
    pid_t parent = 0;
    bool alive = false;
};

ProcessState state_of(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(file, line);
    // "pid (name) state parent": a name may hold anything, also ") "
    const std::size_t end = line.rfind(") ");
    if (end == std::string::npos || line.size() < end + 5) return {};
    ProcessState state;
    std::from_chars(line.data() + end + 4, line.data() + line.size(), state.parent);
    state.alive = line[end + 2] != 'Z' && line[end + 2] != 'X';
    return state;
}

/// Every living process that descends from this one. Orphans of a child are among them where this process is a
/// subreaper.
std::vector<pid_t> descendants() {
    std::map<pid_t, ProcessState> all;
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ec == std::errc()) all[pid] = state_of(pid);
    }
    std::vector<pid_t> family{::getpid()};
    for (std::size_t i = 0; i < family.size(); ++i) {
        for (const auto& [pid, state] : all) {
            if (state.parent == family[i]) family.push_back(pid);
        }
    }
    family.erase(family.begin());
    std::erase_if(family, [&](pid_t pid) { return !all[pid].alive; });
    return family;
}

bool signal_descendants(int signal) {
    const std::vector<pid_t> family = descendants();
    for (const pid_t pid : family) ::kill(pid, signal);
    return !family.empty();
}

}  // namespace

Child::Child(const Command& command) : pid_(spawn(command)) {
    pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    if (pidfd_ >= 0) return;
    const int error = errno;
    ::kill(pid_, SIGKILL);
    collect();
    check(error, "pidfd_open");
}

Child::~Child() {
    if (!reaped_) {
        ::kill(pid_, SIGKILL);
        collect();
    }
    ::close(pidfd_);
}

bool Child::wait(int cancel_fd) {
    pollfd events[] = {{pidfd_, POLLIN, 0}, {cancel_fd, POLLIN, 0}};
    while (::poll(events, std::size(events), -1) < 0) {
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (events[0].revents == 0) return false;
    collect();
    return true;
}

void Child::terminate(std::chrono::milliseconds grace) {
    using std::chrono::steady_clock;
    const auto end = steady_clock::now() + grace;
    signal_descendants(SIGTERM);
    while (!descendants().empty() && steady_clock::now() < end) {
        if (reap(std::chrono::milliseconds(20))) ::poll(nullptr, 0, 20);
    }
    // Again and again: a family that forks while it dies has members that a single look misses.
    while (signal_descendants(SIGKILL)) ::poll(nullptr, 0, 5);
    if (!reaped_) collect();
}

/// True when the child is reaped within `limit`.
bool Child::reap(std::chrono::milliseconds limit) {
    if (reaped_) return true;
    pollfd event{pidfd_, POLLIN, 0};
    if (::poll(&event, 1, static_cast<int>(limit.count())) <= 0) return false;
    collect();
    return true;
}

void Child::collect() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0) {
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
    }
    reaped_ = true;
    return_code_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace shell
