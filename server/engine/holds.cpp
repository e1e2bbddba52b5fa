#include "engine/holds.hpp"

namespace foliot::engine {

bool Holds::set(Hold what, const std::string& why) {
    bool is_new = false;
    {
        const std::lock_guard lock(mutex_);
        is_new = reasons_.insert_or_assign(what, why).second;
    }
    if (is_new) changed_();
    return is_new;
}

bool Holds::clear(Hold what) {
    bool was_held = false;
    {
        const std::lock_guard lock(mutex_);
        was_held = reasons_.erase(what) == 1;
    }
    if (was_held) changed_();
    return was_held;
}

bool Holds::has(Hold what) const {
    const std::lock_guard lock(mutex_);
    return reasons_.contains(what);
}

std::optional<Holds::Reason> Holds::worst() const {
    const std::lock_guard lock(mutex_);
    if (reasons_.empty()) return std::nullopt;
    const auto& [what, why] = *reasons_.begin();
    return Reason{what, why};
}

bool Holds::stop_claims() const {
    const std::lock_guard lock(mutex_);
    return reasons_.size() > reasons_.count(Hold::store);
}

}  // namespace foliot::engine
