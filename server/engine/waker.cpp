#include "engine/waker.hpp"

#include "base/error.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace foliot::engine {
namespace {

/// False when the clock was set since the last wait: the kernel says so here, and only once.
bool arm_timer(int fd, std::optional<Micros> until) {
    itimerspec spec{};
    if (until) {
        const Micros at = std::max<Micros>(*until, 1);  // all zero would disarm it
        spec.it_value.tv_sec = at / kSecond;
        spec.it_value.tv_nsec = (at % kSecond) * 1'000;
    }
    const int flags = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
    if (::timerfd_settime(fd, flags, &spec, nullptr) == 0) return true;
    if (errno != ECANCELED) throw_errno("timerfd_settime");
    return false;
}

void drain(int fd) {
    std::uint64_t count = 0;
    while (::read(fd, &count, sizeof count) > 0) {}
}

}  // namespace

Waker::Waker()
    : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      timer_(::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK)) {
    if (!event_) throw_errno("eventfd");
    if (!timer_) throw_errno("timerfd_create");
}

void Waker::wake() {
    const std::uint64_t one = 1;
    if (::write(event_.get(), &one, sizeof one) < 0 && errno != EAGAIN) throw_errno("write to eventfd");
}

void Waker::wait(std::optional<Micros> until) {
    if (!arm_timer(timer_.get(), until)) return;
    std::array<pollfd, 2> watched{pollfd{event_.get(), POLLIN, 0}, pollfd{timer_.get(), POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) throw_errno("poll");
    drain(event_.get());
    drain(timer_.get());
}

}  // namespace foliot::engine
