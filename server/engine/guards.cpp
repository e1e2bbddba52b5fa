// Guards: before each turn, is the clock right and is there space on the disk?
#include "base/log.hpp"
#include "engine/engine.hpp"
#include "engine/reanchor.hpp"

#include <utility>

namespace foliot::engine {
namespace {

constexpr Micros kStoreMoment = 5 * kSecond;

store::AuditEntry accepted_by_kernel() {
    store::AuditEntry entry;
    entry.actor = entry.via = "system";
    entry.event = "clock_accepted";
    entry.kind = "scheduler";
    entry.after = "the kernel has called it synchronised for a minute";
    return entry;
}

}  // namespace

void Engine::check_guards() {
    if (guards_.clock != nullptr) check_clock();
    if (guards_.disk != nullptr) check_disk();
    check_store();
    const bool held = holds_.stop_claims();
    if (std::exchange(held_, held) && !held) inbox_.awake = true;
    inbox_.claim = !held && !stopping_;
    inbox_.step_back_unsettled = unsettled_step_ && unsettled_step_->back > 0;
}

void Engine::check_clock() {
    GuardedClock& clock = *guards_.clock;
    const ClockSight sight = accept_clock_.exchange(false) ? clock.accept() : clock.look();
    if (sight.jumped) inbox_.awake = true;
    if (sight.accepted) unsettled_step_ = sight;
    if (clock.suspect()) {
        const auto why = clock.why();
        if (holds_.set(Hold::clock, why)) log::error("clock-suspect", why);
    } else if (settle_step() && holds_.clear(Hold::clock)) {
        log::info("clock-believed", "the clock is believed again: jobs go on");
    }
}

/// True when nothing is left to do for a step that was accepted; until then the clock stays on hold.
bool Engine::settle_step() {
    if (!unsettled_step_) return true;
    try {
        const auto note = unsettled_step_->by_kernel ? std::optional(accepted_by_kernel()) : std::nullopt;
        if (unsettled_step_->back > 0) {
            reanchor(store_, unsettled_step_->back, note);
        } else if (note) {
            store_.write(store::Store::Class::bulk, [&](store::Tx& tx) { tx.audit(*note); });
        }
    } catch (const store::StoreUnavailable&) {  // the turns say so
        return false;
    }
    unsettled_step_.reset();
    return true;
}

void Engine::check_disk() {
    DiskGuard& disk = *guards_.disk;
    const bool full = disk_full_.exchange(false);
    if (full || disk.held()) {
        // Before the reserve is given away: it is there for the ends of runs.
        if (!holds_.has(Hold::disk)) store_.refuse_changes(disk.why());
        if (full) disk.full();
        holds_.set(Hold::disk, disk.why());
    }
    disk.look();
    if (!disk.held() && holds_.clear(Hold::disk)) store_.refuse_changes("");
}

/// Without a store nobody could claim; what is due since is late, unless it was away for a moment only.
void Engine::check_store() {
    if (store_away_ && clock_.boottime() - store_away_since_ > kStoreMoment) inbox_.awake = true;
}

void Engine::accept_clock() {
    accept_clock_ = true;
    wake();
}

void Engine::disk_is_full() {
    disk_full_ = true;
    wake();
}

void Engine::drain(bool draining) {
    if (draining) {
        holds_.set(Hold::draining, "an administrator drains this server: nothing is started, what runs goes on");
    } else {
        holds_.clear(Hold::draining);
    }
    wake();
}

void Engine::forbid(const std::string& why) {
    holds_.set(Hold::not_allowed, why);
    log::warning("host-not-allowed", why);
}

}  // namespace foliot::engine
