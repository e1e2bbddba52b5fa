#include "app/rescanner.hpp"

#include "base/log.hpp"

#include <chrono>
#include <exception>
#include <string>

namespace foliot::app {

bool Rescanner::look(Micros limit) {
    std::unique_lock lock(mutex_);
    const std::uint64_t next = begun_count_ + 1;
    later_.ask();
    return ended_.wait_for(lock, std::chrono::microseconds(limit), [&] { return ended_count_ >= next; });
}

void Rescanner::rescan() {
    {
        const std::lock_guard lock(mutex_);
        ++begun_count_;
    }
    try {
        log::info("looking for modules anew");
        catalogue_.rescan();
    } catch (const std::exception& e) {
        log::error(std::string("modules cannot be looked at; what was known of them stays: ") + e.what());
    }
    {
        const std::lock_guard lock(mutex_);
        ended_count_ = begun_count_;
    }
    ended_.notify_all();
}

}  // namespace foliot::app
