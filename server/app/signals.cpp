#include "app/signals.hpp"

#include "base/error.hpp"

#include <signal.h>

namespace foliot::app {
namespace {

sigset_t handled_signals() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGPIPE}) ::sigaddset(&set, number);
    return set;
}

}  // namespace

void block_signals() {
    const sigset_t set = handled_signals();
    if (const int code = ::pthread_sigmask(SIG_BLOCK, &set, nullptr); code != 0) throw_errno("pthread_sigmask", code);
    for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS}) ::signal(number, SIG_DFL);
}

Request wait_for_request() {
    const sigset_t set = handled_signals();
    for (;;) {
        int number = 0;
        if (const int code = ::sigwait(&set, &number); code != 0) throw_errno("sigwait", code);
        if (number == SIGHUP) return Request::reload;
        if (number != SIGPIPE) return Request::stop;
    }
}

}  // namespace foliot::app
