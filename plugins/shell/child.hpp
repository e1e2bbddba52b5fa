// A child process that a job waits for, and all that descends from it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace shell {

struct Command {
    std::vector<std::string> argv;           ///< [0] is looked up in the environment's PATH when it holds no slash
    std::map<std::string, std::string> env;  ///< the whole environment
    std::filesystem::path cwd;
};

/// A running child. Its input is empty, its output is ours, it has no other descriptor of ours and no signal blocked or
/// ignored. It stays in our process group, so that whoever ends that group ends it too.
class Child final {
  public:
    /// Throws std::runtime_error when it cannot be started.
    explicit Child(const Command& command);
    /// Kills and reaps a child that was not waited for.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Waits until the child has ended (true) or `cancel_fd` is readable (false).
    bool wait(int cancel_fd);
    /// What the child ended with, as Python tells it: the exit status, or minus the signal. After wait() was true.
    int return_code() const { return return_code_; }

    /// Ends every descendant of this process: SIGTERM, after `grace` SIGKILL. Returns when the child is reaped.
    void terminate(std::chrono::milliseconds grace);

  private:
    bool reap(std::chrono::milliseconds limit);
    void collect();

    pid_t pid_ = -1;
    int pidfd_ = -1;
    bool reaped_ = false;
    int return_code_ = 0;
};

}  // namespace shell
