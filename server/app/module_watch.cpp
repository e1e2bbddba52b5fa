#include "app/module_watch.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>

namespace foliot::app {
namespace {

constexpr Micros kQuiet = 2 * kSecond, kLongest = 10 * kSecond;
constexpr Micros kLookPause = 60 * kSecond, kUnwatchedPause = 10 * kSecond;

}  // namespace

void QuietTime::happened(Micros now) {
    if (!first_) first_ = now;
    last_ = now;
}

std::optional<Micros> QuietTime::due() const {
    if (!first_) return std::nullopt;
    return std::min(*last_ + kQuiet, *first_ + kLongest);
}

bool QuietTime::is_over(Micros now) {
    if (!due() || now < *due()) return false;
    first_.reset();
    return true;
}

ModuleWatch::ModuleWatch(module::FolderWatch folders, module::Catalogue& catalogue, Rescanner& rescanner,
                         const Clock& clock)
    : catalogue_(catalogue),
      rescanner_(rescanner),
      clock_(clock),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      folders_(std::move(folders)),
      next_look_(clock.monotonic() + kLookPause) {
    if (!stop_) throw_errno("eventfd");
    thread_ = std::thread([this] { run(); });
}

ModuleWatch::~ModuleWatch() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(stop_.get(), &one, sizeof one);
    thread_.join();
}

void ModuleWatch::run() {
    try {
        while (wait()) {
            take_news();
            look_now_and_then();
            if (!quiet_.is_over(clock_.monotonic())) continue;
            folders_.look();  // so that the next look does not find this again
            rescanner_.ask();
        }
    } catch (const std::exception& e) {
        log::error("modules-not-watched", std::string("modules are looked for on request only (SIGHUP): ") + e.what());
    }
}

/// False: it is to end.
bool ModuleWatch::wait() {
    const Micros until = std::min(next_look_, quiet_.due().value_or(next_look_));
    const Micros rest = std::max<Micros>(0, until - clock_.monotonic());
    timespec limit{};
    limit.tv_sec = rest / kSecond;
    limit.tv_nsec = rest % kSecond * 1000;
    std::array<pollfd, 2> fds{{{stop_.get(), POLLIN, 0}, {folders_.fd(), POLLIN, 0}}};
    if (::ppoll(fds.data(), fds.size(), &limit, nullptr) < 0 && errno != EINTR) throw_errno("ppoll");
    return fds[0].revents == 0;
}

void ModuleWatch::take_news() {
    const auto news = folders_.read();
    for (const auto& file : news.written) catalogue_.note_written(file);
    if (news.changed) quiet_.happened(clock_.monotonic());
}

void ModuleWatch::look_now_and_then() {
    const Micros now = clock_.monotonic();
    if (now < next_look_) return;
    next_look_ = now + (folders_.fd() < 0 ? kUnwatchedPause : kLookPause);
    if (folders_.look()) quiet_.happened(now);
}

}  // namespace foliot::app
