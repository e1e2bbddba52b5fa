#include "app/rescanner.hpp"

#include "base/log.hpp"

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace foliot::app {

bool Rescanner::look(Micros limit) {
    std::unique_lock lock(mutex_);
    const std::uint64_t next = begun_count_ + 1;
    later_.ask();
    const bool ended = ended_.wait_for(lock, std::chrono::microseconds(limit), [&] { return ended_count_ >= next; });
    if (ended && !problem_.empty()) throw std::runtime_error(problem_);
    return ended;
}

void Rescanner::rescan() {
    {
        const std::lock_guard lock(mutex_);
        ++begun_count_;
    }
    std::string problem = try_to_rescan();
    looked_();
    {
        const std::lock_guard lock(mutex_);
        ended_count_ = begun_count_;
        problem_ = std::move(problem);
    }
    ended_.notify_all();
}

std::string Rescanner::try_to_rescan() {
    try {
        log::info("modules-looked-for", "looking for modules anew");
        if (const Micros pause = catalogue_.rescan(); pause > 0) later_.ask_in(pause);
        return {};
    } catch (const std::exception& e) {
        std::string problem = std::string("modules cannot be looked at; what was known of them stays: ") + e.what();
        log::error("modules-not-looked-at", problem);
        return problem;
    }
}

}  // namespace foliot::app
