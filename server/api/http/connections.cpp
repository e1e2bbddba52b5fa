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
    set_phase(*chosen, Phase::ending);
}

void Connections::set_phase(Entry& entry, Phase phase) {
    if (entry.phase == Phase::queued) --queued_;
    if (entry.phase == Phase::ending) --ending_;
    if (phase == Phase::ending) ++ending_;
    entry.phase = phase;
}

void Connections::remove(Place place) {
    const std::lock_guard lock(mutex_);
    set_phase(*place, Phase::busy);
    entries_.erase(place);
    if (entries_.empty()) none_.notify_all();
}

bool Connections::begin_wait(Place place, bool first) {
    const Micros now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    if (!first) place->since = now;
    set_phase(*place, first ? Phase::silent : Phase::idle);
    return !stopping_;
}

bool Connections::give_way(Place place) {
    const std::lock_guard lock(mutex_);
    if (place->phase != Phase::ending && !too_many()) return false;
    set_phase(*place, Phase::ending);
    return true;
}

/// A request may come just when its connection is ended: then another one has to go.
void Connections::end_wait(Place place, bool came) {
    const Micros now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    const bool chosen = place->phase == Phase::ending;
    set_phase(*place, came ? Phase::busy : Phase::ending);
    if (came && chosen && too_many()) shed(now);
}

void Connections::begin_end(Place place) {
    const std::lock_guard lock(mutex_);
    set_phase(*place, Phase::ending);
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
