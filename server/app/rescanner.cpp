#include "app/rescanner.hpp"

#include "base/log.hpp"

#include <exception>
#include <string>

namespace foliot::app {

Rescanner::Rescanner(module::Catalogue& catalogue) : catalogue_(catalogue), thread_([this] { run(); }) {}

Rescanner::~Rescanner() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    catalogue_.give_up();
    thread_.join();
}

void Rescanner::ask() {
    {
        const std::lock_guard lock(mutex_);
        asked_ = true;
    }
    changed_.notify_all();
}

void Rescanner::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return asked_ || stopping_; });
        if (stopping_) return;
        asked_ = false;
        lock.unlock();
        try {
            log::info("looking for modules anew");
            catalogue_.rescan();
        } catch (const std::exception& e) {
            log::error(std::string("modules cannot be looked at; what was known of them stays: ") + e.what());
        }
        lock.lock();
    }
}

}  // namespace foliot::app
