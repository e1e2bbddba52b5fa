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

/// All zero disarms it. False when the clock was set since the last time: the kernel says so here, and only once.
bool arm_timer(int fd, Micros at) {
    itimerspec spec{};
    spec.it_value.tv_sec = at / kSecond;
    spec.it_value.tv_nsec = (at % kSecond) * 1'000;
    const int flags = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
    if (::timerfd_settime(fd, flags, &spec, nullptr) == 0) return true;
    if (errno != ECANCELED) throw_errno("timerfd_settime");
    return false;
}

/// One read takes all there is of either kind.
void take(int fd) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(fd, &count, sizeof count);
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

bool Waker::wait(std::optional<Micros> until) {
    const Micros at = until ? std::max<Micros>(*until, 1) : 0;
    if (at != set_to_) {
        set_to_ = kUnset;
        if (!arm_timer(timer_.get(), at)) return true;
        set_to_ = at;
    }
    std::array<pollfd, 3> watched{pollfd{event_.get(), POLLIN, 0}, pollfd{timer_.get(), POLLIN, 0},
                                  pollfd{nudged_.fd(), POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) throw_errno("poll");
    if (watched[0].revents != 0) take(event_.get());
    if (watched[1].revents != 0) {
        take(timer_.get());
        set_to_ = kUnset;
    }
    if (watched[2].revents == 0) return true;
    nudged_.clear();
    return watched[0].revents != 0 || watched[1].revents != 0;
}

}  // namespace foliot::engine
