// A child that nobody claims and that cannot be got rid of: dead or alive, somebody else traces it.
#pragma once

#include "process/children.hpp"
#include "wait.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace foliot::testing {

class HeldStray {
  public:
    HeldStray() : pid_(::fork()) {
        if (pid_ == 0) {
            ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
            wait();
        }
        std::array<int, 2> ready{};
        if (::pipe(ready.data()) != 0) return;
        tracer_ = ::fork();
        if (tracer_ == 0) {
            wait_until([&] { return ::ptrace(PTRACE_SEIZE, pid_, nullptr, nullptr) == 0; });
            ::close(ready[0]);
            ::close(ready[1]);
            wait();
        }
        process::own_children_locked()->insert(tracer_);
        ::close(ready[1]);
        char none = 0;
        while (::read(ready[0], &none, 1) < 0) {}
        ::close(ready[0]);
    }
    HeldStray(const HeldStray&) = delete;
    HeldStray& operator=(const HeldStray&) = delete;
    ~HeldStray() { release(); }

    pid_t pid() const { return pid_; }
    /// From now on it is a stray as any other.
    void release() {
        if (tracer_ <= 0) return;
        ::kill(tracer_, SIGKILL);
        ::waitpid(tracer_, nullptr, 0);
        process::own_children_locked()->erase(tracer_);
        tracer_ = -1;
    }

  private:
    [[noreturn]] static void wait() {
        constexpr unsigned longest_life = 60;  // seconds, should nobody kill it
        ::alarm(longest_life);
        for (;;) ::pause();
    }

    pid_t pid_, tracer_ = -1;
};

}  // namespace foliot::testing
