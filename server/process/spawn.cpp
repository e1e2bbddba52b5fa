#include "process/spawn.hpp"

#include "base/error.hpp"
#include "process/children.hpp"
#include "process/table.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <vector>

namespace foliot::process {
namespace {

void check(int error, const char* what) {
    if (error != 0) throw_errno(what, error);
}

class Attributes {
  public:
    Attributes() {
        check(::posix_spawnattr_init(&raw_), "posix_spawnattr_init");
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        check(::posix_spawnattr_setsigmask(&raw_, &none), "posix_spawnattr_setsigmask");
        check(::posix_spawnattr_setsigdefault(&raw_, &all), "posix_spawnattr_setsigdefault");
        check(::posix_spawnattr_setflags(&raw_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID),
              "posix_spawnattr_setflags");
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    ~Attributes() { ::posix_spawnattr_destroy(&raw_); }
    const posix_spawnattr_t* get() const { return &raw_; }

  private:
    posix_spawnattr_t raw_{};
};

class FileActions {
  public:
    FileActions() { check(::posix_spawn_file_actions_init(&raw_), "posix_spawn_file_actions_init"); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    ~FileActions() { ::posix_spawn_file_actions_destroy(&raw_); }

    void null(int target, int flags) {
        check(::posix_spawn_file_actions_addopen(&raw_, target, "/dev/null", flags, 0),
              "posix_spawn_file_actions_addopen");
    }
    void move(int from, int target) {
        check(::posix_spawn_file_actions_adddup2(&raw_, from, target), "posix_spawn_file_actions_adddup2");
    }
    void close_from(int first) {
        check(::posix_spawn_file_actions_addclosefrom_np(&raw_, first), "posix_spawn_file_actions_addclosefrom_np");
    }
    const posix_spawn_file_actions_t* get() const { return &raw_; }

  private:
    posix_spawn_file_actions_t raw_{};
};

/// Duplicates that lie above every target, so that no dup2 in the child overwrites one that is still to be moved.
class Sources {
  public:
    explicit Sources(int above) : above_(above) {}
    int add(int fd) {
        Fd copy(::fcntl(fd, F_DUPFD_CLOEXEC, above_));
        if (!copy) throw_errno("duplicate descriptor " + std::to_string(fd));
        copies_.push_back(std::move(copy));
        return copies_.back().get();
    }

  private:
    int above_;
    std::vector<Fd> copies_;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

void output(FileActions& actions, Sources& sources, int from, int target) {
    if (from < 0) {
        actions.null(target, O_WRONLY);
    } else {
        actions.move(sources.add(from), target);
    }
}

/// Not reaped yet: the pid is still its own.
void identify(Child& child, const std::string& program) {
    child.pidfd = hold(child.pid);
    if (!child.pidfd) throw_errno("pidfd of " + program);
    child.start_time = start_time_of(child.pid, false).value_or(0);
}

}  // namespace

Child spawn(const SpawnRequest& request) {
    const int end = 3 + static_cast<int>(request.extra.size());
    FileActions actions;
    Sources sources(end);
    actions.null(0, O_RDONLY);
    output(actions, sources, request.out, 1);
    output(actions, sources, request.err, 2);
    for (int target = 3; const int fd : request.extra) actions.move(sources.add(fd), target++);
    actions.close_from(end);

    std::vector<std::string> arguments{request.program};
    arguments.insert(arguments.end(), request.arguments.begin(), request.arguments.end());
    std::vector<std::string> environment = request.environment;
    const Attributes attributes;
    Child child;
    const auto own = own_children_locked();
    if (const int error = ::posix_spawn(&child.pid, request.program.c_str(), actions.get(), attributes.get(),
                                        pointers(arguments).data(), pointers(environment).data());
        error != 0) {
        throw_errno("start " + request.program, error);
    }
    try {
        identify(child, request.program);
    } catch (...) {
        ::kill(child.pid, SIGKILL);
        ::waitpid(child.pid, nullptr, 0);
        throw;
    }
    own->insert(child.pid);
    return child;
}

std::optional<ExitStatus> reap(const Child& child) {
    int status = 0;
    pid_t got = 0;
    const auto own = own_children_locked();  // the number may be given to another child at once
    while ((got = ::waitpid(child.pid, &status, WNOHANG)) < 0 && errno == EINTR) {}
    if (got < 0) throw_errno("wait for process " + std::to_string(child.pid));
    if (got == 0) return std::nullopt;
    own->erase(child.pid);
    if (WIFSIGNALED(status)) return ExitStatus{0, WTERMSIG(status)};
    return ExitStatus{WEXITSTATUS(status), 0};
}

void disown(const Child& child) { own_children_locked()->erase(child.pid); }

void signal_child(const Child& child, int signal) { signal_held(child.pidfd, child.pid, signal); }

void signal_group(pid_t group, int signal) {
    assert(group > 1);
    if (::kill(-group, signal) != 0 && errno == EPERM) report_refused_signal(-group);
}

}  // namespace foliot::process
