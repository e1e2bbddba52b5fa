#include "engine/holds.hpp"

namespace foliot::engine {

bool Holds::set(Hold what, const std::string& why) {
    const std::lock_guard lock(mutex_);
    return reasons_.insert_or_assign(what, why).second;
}

bool Holds::clear(Hold what) {
    const std::lock_guard lock(mutex_);
    return reasons_.erase(what) == 1;
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
