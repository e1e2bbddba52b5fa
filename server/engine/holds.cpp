#include "engine/holds.hpp"

namespace foliot::engine {

std::string_view name_of(Hold hold) {
    switch (hold) {
        case Hold::clock: return "clock";
        case Hold::disk: return "disk";
        case Hold::store: return "store";
        case Hold::not_allowed: return "host";
        case Hold::draining: break;
    }
    return "draining";
}

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

std::vector<Holds::Reason> Holds::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Reason> all;
    all.reserve(reasons_.size());
    for (const auto& [what, why] : reasons_) all.push_back({what, why});
    return all;
}

bool Holds::stop_claims() const {
    const std::lock_guard lock(mutex_);
    return reasons_.size() > reasons_.count(Hold::store);
}

}  // namespace foliot::engine
