#include "cli/interrupt.hpp"

#include "base/bell.hpp"
#include "cli/command.hpp"

#include <poll.h>
#include <signal.h>

#include <atomic>
#include <cerrno>

namespace foliot::cli {
namespace {

std::atomic<const Bell*> interrupted = nullptr;

void on_signal(int) {
    const int before = errno;
    if (const Bell* bell = interrupted.load()) bell->ring();
    errno = before;
}

void handle_by(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
}

}  // namespace

int interrupts() {
    static const Bell bell;
    interrupted = &bell;
    handle_by(&on_signal);
    return bell.fd();
}

void end_at_next_interrupt() { handle_by(SIG_DFL); }

void throw_if_interrupted() {
    pollfd asked{interrupts(), POLLIN, 0};
    if (::poll(&asked, 1, 0) > 0) throw CommandError("stopped", kStopped);
}

}  // namespace foliot::cli
