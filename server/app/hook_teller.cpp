#include "app/hook_teller.hpp"

#include "base/log.hpp"

#include <chrono>
#include <exception>
#include <string>

namespace foliot::app {
namespace {
constexpr std::chrono::seconds kAgain{5};  // after a failure
}

HookTeller::~HookTeller() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void HookTeller::ask() {
    {
        const std::lock_guard lock(mutex_);
        if (asked_) return;
        asked_ = true;
    }
    changed_.notify_one();
}

void HookTeller::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return asked_ || stopping_; });
        if (stopping_) return;
        asked_ = false;
        lock.unlock();
        const bool told = tell();
        lock.lock();
        if (told) continue;
        changed_.wait_for(lock, kAgain, [this] { return stopping_; });
        asked_ = true;
    }
}

/// A unit; false: it failed.
bool HookTeller::tell() {
    try {
        if (notices_.tell_some()) ask();
        return true;
    } catch (const std::exception& e) {
        log::warning(std::string("webhooks are told of ends later, nothing is lost: ") + e.what());
        return false;
    }
}

}  // namespace foliot::app
