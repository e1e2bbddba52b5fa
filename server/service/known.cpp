#include "service/known.hpp"

namespace foliot::service {
namespace {

constexpr Micros kBelieved = kSecond;
constexpr Micros kVerified = 300 * kSecond;
constexpr Micros kWasRight = 86'400 * kSecond;
constexpr std::size_t kMost = 1024;

template <class Map>
void make_room(Map& map, Micros now) {
    if (map.size() < kMost) return;
    std::erase_if(map, [now](const auto& entry) { return entry.second.until <= now; });
    if (map.size() >= kMost) map.clear();
}

}  // namespace

std::optional<Principal> KnownPrincipals::recall(const std::string& hash) {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(hash);
    if (found == known_.end() || found->second.until <= clock_.monotonic()) return std::nullopt;
    const Principal& who = found->second.who;
    if (who.expires && *who.expires <= clock_.now()) return std::nullopt;
    return who;
}

std::uint64_t KnownPrincipals::generation() {
    const std::lock_guard lock(mutex_);
    return generation_;
}

void KnownPrincipals::remember(const std::string& hash, const Principal& who, std::uint64_t generation) {
    const Micros now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    if (generation != generation_) return;
    make_room(known_, now);
    known_[hash] = {who, now + kBelieved};
}

void KnownPrincipals::forget_all() {
    const std::lock_guard lock(mutex_);
    known_.clear();
    ++generation_;
}

bool VerifiedPasswords::matched(const std::string& hash, const std::string& stored, Micros Verified::*end) {
    const std::lock_guard lock(mutex_);
    const auto found = verified_.find(hash);
    return found != verified_.end() && found->second.*end > clock_.monotonic() && found->second.stored == stored;
}

bool VerifiedPasswords::holds(const std::string& hash, const std::string& stored) {
    return matched(hash, stored, &Verified::believed_until);
}

bool VerifiedPasswords::was_right(const std::string& hash, const std::string& stored) {
    return matched(hash, stored, &Verified::until);
}

void VerifiedPasswords::remember(const std::string& hash, const std::string& stored) {
    const Micros now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    make_room(verified_, now);
    verified_[hash] = {stored, now + kVerified, now + kWasRight};
}

}  // namespace foliot::service
