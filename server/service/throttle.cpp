#include "service/throttle.hpp"

#include "base/error.hpp"
#include "base/network.hpp"

#include <algorithm>

namespace foliot::service {

Micros Buckets::wait(const std::string& key, Micros now) const {
    const auto found = full_at_.find(key);
    if (found == full_at_.end()) return 0;
    return std::max<Micros>(0, found->second + rule_.pause - now - rule_.burst * rule_.pause);
}

void Buckets::take(const std::string& key, Micros now) {
    if (full_at_.size() >= most_ && !full_at_.contains(key)) make_room(now);
    Micros& full_at = full_at_[key];
    full_at = std::max(full_at, now) + rule_.pause;
}

void Buckets::give_back(const std::string& key) {
    const auto found = full_at_.find(key);
    if (found != full_at_.end()) found->second -= rule_.pause;
}

void Buckets::make_room(Micros now) {
    std::erase_if(full_at_, [now](const auto& bucket) { return bucket.second <= now; });
    if (full_at_.size() < most_) return;
    full_at_.erase(std::min_element(full_at_.begin(), full_at_.end(),
                                    [](const auto& a, const auto& b) { return a.second < b.second; }));
}

void Throttle::check_locked(const std::string& peer, const std::string& name, Micros now) const {
    const Micros wait = std::max(peer.empty() ? 0 : peers_.wait(peer, now), names_.wait(name, now));
    if (wait == 0) return;
    const int seconds = static_cast<int>((wait + kSecond - 1) / kSecond);
    throw throttled("too many failed attempts; try again in " + std::to_string(seconds) + " s", seconds);
}

void Throttle::check(std::string_view peer, const std::string& name) {
    const std::lock_guard lock(mutex_);
    check_locked(network_of(peer), name, clock_.monotonic());
}

bool Throttle::attempt(std::string_view peer, const std::string& name, const std::function<bool()>& prove) {
    const std::string key = network_of(peer);
    begin(key, name);
    bool right = false;
    try {
        right = prove();
    } catch (...) {
        give_back(key, name);
        throw;
    }
    if (right) give_back(key, name);
    return right;
}

void Throttle::begin(const std::string& peer, const std::string& name) {
    const Micros now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    check_locked(peer, name, now);
    if (!peer.empty()) peers_.take(peer, now);
    names_.take(name, now);
}

void Throttle::give_back(const std::string& peer, const std::string& name) {
    const std::lock_guard lock(mutex_);
    peers_.give_back(peer);
    names_.give_back(name);
}

}  // namespace foliot::service
