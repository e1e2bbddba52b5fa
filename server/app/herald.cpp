#include "app/herald.hpp"

#include "base/clock.hpp"
#include "base/processor_time.hpp"

namespace foliot::app {
namespace {

constexpr Micros kStartLook = 10 * kSecond, kStartPatience = 30 * kSecond, kStateDelay = kSecond;

std::string extension(Micros by) { return "EXTEND_TIMEOUT_USEC=" + std::to_string(by); }

}  // namespace

Herald::Herald(Server server)
    : server_(std::move(server)), state_(kStateDelay, Later::AtEnd::drop_it, [this] { tell_state(); }) {
    service_manager::tell(service_manager::status("starting"));
    start_.emplace(kStartLook, Later::AtEnd::drop_it, [this] { extend_start(); });
    start_->ask();
}

/// A start that hangs is not waited for longer than its manager does by itself.
void Herald::extend_start() {
    constexpr Micros noticeable = kMillisecond;  // looking at it costs a little, too
    const Micros used = processor_time(Whose::own);
    if (used - used_ > noticeable) service_manager::tell(extension(kStartPatience));
    used_ = used;
    start_->ask();
}

void Herald::ready() {
    start_.reset();
    {
        const std::lock_guard lock(mutex_);
        ready_ = true;
        said_ = server_.state();
        service_manager::tell("READY=1\n" + service_manager::status(said_));
    }
    const Micros period = service_manager::watchdog();
    if (period == 0) return;
    constexpr int looks = 6;  // so that one that finds a busy server late, and one lost, are no reason to end it
    sign_.emplace(period / looks, Later::AtEnd::drop_it, [this] { watch(); });
    sign_->ask();
}

void Herald::tell_state() {
    const std::lock_guard lock(mutex_);
    if (!ready_) return;
    std::string state = server_.state();
    if (state == said_) return;
    said_ = std::move(state);
    service_manager::tell(service_manager::status(said_));
}

void Herald::watch() {
    if (server_.alive()) service_manager::tell("WATCHDOG=1");
    sign_->ask();
}

void Herald::stopping(Micros limit) {
    service_manager::tell("STOPPING=1\n" + extension(limit) + "\n" + service_manager::status("stopping"));
    sign_.reset();
    const std::lock_guard lock(mutex_);
    ready_ = false;
}

ReloadNotice::ReloadNotice() {
    service_manager::tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(SystemClock().monotonic()));
}

ReloadNotice::~ReloadNotice() { service_manager::tell("READY=1"); }

}  // namespace foliot::app
