#include "api/http/connections.hpp"

#include "base/network.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace foliot::api {

bool Connections::has_enough(const std::string& address) const {
    const std::lock_guard lock(mutex_);
    const auto found = networks_.find(network_of(address));
    return found != networks_.end() && found->second >= per_address_;
}

Connections::Place Connections::add(int fd, const std::string& address) {
    const Micros now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    const auto network = networks_.try_emplace(network_of(address), 0).first;
    ++network->second;
    entries_.push_back({fd, Phase::queued, Wait::first_request, now, false, network});
    ++queued_;
    if (too_many()) shed(now);
    return std::prev(entries_.end());
}

Connections::Numbers Connections::numbers() const {
    const std::lock_guard lock(mutex_);
    const auto streams = [](const Entry& entry) { return entry.streams; };
    const auto streaming = std::count_if(entries_.begin(), entries_.end(), streams);
    return {queued_, entries_.size() - queued_, static_cast<std::size_t>(streaming)};
}

/// Nothing that it has begun would be lost.
bool Connections::is_idle(const Entry& entry) {
    return entry.phase == Phase::waiting && entry.wait <= Wait::first_request;
}

/// Those that have been served first.
void Connections::shed(Micros now) {
    Entry* chosen = nullptr;
    for (Entry& entry : entries_) {
        const bool spare =
            entry.phase == Phase::waiting && (entry.wait <= Wait::next_request || now - entry.since >= kPatience);
        if (!spare) continue;
        if (chosen == nullptr || std::pair(entry.wait, entry.since) < std::pair(chosen->wait, chosen->since)) {
            chosen = &entry;
        }
    }
    if (chosen == nullptr) return;
    ::shutdown(chosen->fd, chosen->wait == Wait::room_for_answer ? SHUT_RDWR : SHUT_RD);
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
    if (--place->network->second == 0) networks_.erase(place->network);
    entries_.erase(place);
    if (entries_.empty()) none_.notify_all();
}

void Connections::make_room() {
    const std::lock_guard lock(mutex_);
    shed(clock_.monotonic());
}

bool Connections::begin_wait(Place place, Wait wait, Micros since) {
    const std::lock_guard lock(mutex_);
    place->wait = wait;
    place->since = since;
    set_phase(*place, Phase::waiting);
    return !stopping_ || (!is_idle(*place) && !place->streams);
}

bool Connections::give_way(Place place) {
    const std::lock_guard lock(mutex_);
    if (place->phase != Phase::ending && !too_many()) return false;
    set_phase(*place, Phase::ending);
    return true;
}

/// A request may come just when its connection is ended: then another one has to go.
bool Connections::end_wait(Place place, bool came) {
    const Micros now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    const bool chosen = place->phase == Phase::ending;
    const bool goes_on = came && (!chosen || may_bring_request(place->wait));
    set_phase(*place, goes_on ? Phase::busy : Phase::ending);
    if (goes_on && chosen && too_many()) shed(now);
    return chosen && !goes_on;
}

void Connections::begin_end(Place place) {
    const std::lock_guard lock(mutex_);
    set_phase(*place, Phase::ending);
}

bool Connections::begin_stream(Place place) {
    const std::lock_guard lock(mutex_);
    place->streams = true;
    return !stopping_;
}

bool Connections::may_keep_alive() const {
    const std::lock_guard lock(mutex_);
    return !stopping_ && (entries_.size() - queued_) * 4 <= threads_ * 3;
}

void Connections::begin_stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const Entry& entry : entries_) {
        if (is_idle(entry)) ::shutdown(entry.fd, SHUT_RD);
        // Its thread looks for this end; the one whose client does not take what it is sent would not see it.
        if (entry.streams) ::shutdown(entry.fd, entry.phase == Phase::waiting ? SHUT_RDWR : SHUT_RD);
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
