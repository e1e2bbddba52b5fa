// A real foliotd of its own folder and port, stopped with the test.
#pragma once

#include "process/spawn.hpp"
#include "support/http_client.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace foliot::testing {

class ServerProcess {
  public:
    struct Options {
        std::filesystem::path data_dir;     ///< exists; the caller removes it
        std::vector<std::string> settings;  ///< "key=value", as -D; they win over what the test harness sets
        bool wait_until_ready = true;
        std::string files{};  ///< limit of open files, as prlimit(1) takes it: "SOFT:HARD", "SOFT:" leaves the hard one
        std::filesystem::path config{};          ///< a configuration file, which `settings` win over
        std::vector<std::string> environment{};  ///< "NAME=value", beside what each server gets
        std::vector<std::string> through{};      ///< a program and its arguments, which becomes foliotd: setpriv, say
    };

    /// Starts foliotd on a free loopback port with the shipped and the fixture modules and waits until it serves.
    /// Throws with the server's log when it ends instead.
    explicit ServerProcess(Options options);
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    std::uint16_t port() const { return port_; }
    std::string token() const;  ///< of the user admin
    HttpClient client() const { return {port_, token()}; }
    pid_t pid() const { return child_.pid; }
    std::string log() const;

    /// SIGTERM, then waits; SIGKILL after 30 s. Idempotent.
    process::ExitStatus stop();
    void kill_hard();  ///< SIGKILL and reap
    std::optional<process::ExitStatus> wait_for_exit(Micros limit);
    void signal(int number) const;

  private:
    Options options_;
    process::Child child_;
    std::uint16_t port_ = 0;
    std::optional<process::ExitStatus> ended_;
};

}  // namespace foliot::testing
