#include "api/http/connections.hpp"

#include <sys/socket.h>

#include <chrono>
#include <utility>

namespace foliot::api {

Connections::Place Connections::add(int fd) {
    const Micros now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    entries_.push_back({fd, Phase::queued, now});
    ++queued_;
    if (too_many()) shed(now);
    return std::prev(entries_.end());
}

/// Keep-alive connections first: they have been served.
void Connections::shed(Micros now) {
    Entry* chosen = nullptr;
    for (Entry& entry : entries_) {
        const bool spare =
            entry.phase == Phase::idle || (entry.phase == Phase::silent && now - entry.since >= kPatience);
        if (!spare) continue;
        if (chosen == nullptr || std::pair(entry.phase, entry.since) < std::pair(chosen->phase, chosen->since)) {
            chosen = &entry;
        }
    }
    if (chosen == nullptr) return;
    ::shutdown(chosen->fd, SHUT_RD);
    chosen->phase = Phase::busy;
}

void Connections::remove(Place place) {
    const std::lock_guard lock(mutex_);
    if (place->phase == Phase::queued) --queued_;
    if (place->phase == Phase::ending) --ending_;
    entries_.erase(place);
    if (entries_.empty()) none_.notify_all();
}

bool Connections::begin_wait(Place place, bool first) {
    const Micros now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    if (first) --queued_;
    if (!first) place->since = now;
    place->phase = first ? Phase::silent : Phase::idle;
    return !stopping_;
}

void Connections::end_wait(Place place) {
    const std::lock_guard lock(mutex_);
    place->phase = Phase::busy;
}

void Connections::begin_end(Place place) {
    const std::lock_guard lock(mutex_);
    if (place->phase != Phase::ending) ++ending_;
    place->phase = Phase::ending;
}

bool Connections::crowded() const {
    const std::lock_guard lock(mutex_);
    return too_many();
}

bool Connections::may_keep_alive() const {
    const std::lock_guard lock(mutex_);
    return !stopping_ && (entries_.size() - queued_) * 4 <= threads_ * 3;
}

void Connections::begin_stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const Entry& entry : entries_) {
        if (entry.phase == Phase::idle || entry.phase == Phase::silent) ::shutdown(entry.fd, SHUT_RD);
    }
}

void Connections::wait_until_none(Micros limit) {
    std::unique_lock lock(mutex_);
    none_.wait_for(lock, std::chrono::microseconds(limit), [this] { return entries_.empty(); });
}

void Connections::cut() {
    const std::lock_guard lock(mutex_);
    for (const Entry& entry : entries_) ::shutdown(entry.fd, SHUT_RDWR);
}

}  // namespace foliot::api
