#include "base/later.hpp"

#include <chrono>
#include <utility>

namespace foliot {

Later::Later(Micros delay, AtEnd at_end, std::function<void()> action)
    : delay_(delay), at_end_(at_end), action_(std::move(action)), thread_([this] { run(); }) {}

Later::~Later() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Later::ask_in(Micros delay) {
    {
        const std::lock_guard lock(mutex_);
        if (asked_) return;
        asked_ = true;
        wait_ = delay;
    }
    changed_.notify_one();
}

void Later::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return asked_ || stopping_; });
        changed_.wait_for(lock, std::chrono::microseconds(wait_), [this] { return stopping_; });
        if (stopping_ && (!asked_ || at_end_ == AtEnd::drop_it)) return;
        asked_ = false;
        lock.unlock();
        action_();
        lock.lock();
    }
}

}  // namespace foliot
