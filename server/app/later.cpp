#include "app/later.hpp"

#include <chrono>

namespace foliot::app {

Later::Later(Micros delay, std::function<void()> action)
    : delay_(delay), action_(std::move(action)), thread_([this] { run(); }) {}

Later::~Later() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Later::ask() {
    {
        const std::lock_guard lock(mutex_);
        asked_ = true;
    }
    changed_.notify_all();
}

void Later::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return asked_ || stopping_; });
        changed_.wait_for(lock, std::chrono::microseconds(delay_), [this] { return stopping_; });
        if (asked_) {
            asked_ = false;
            lock.unlock();
            action_();
            lock.lock();
        }
        if (stopping_) return;
    }
}

}  // namespace foliot::app
