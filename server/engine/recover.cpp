#include "engine/recover.hpp"

#include "base/log.hpp"
#include "process/spawn.hpp"

#include <foliot/abi.h>

#include <algorithm>
#include <stdexcept>

namespace foliot::engine {
namespace {

constexpr Micros kKillLimit = 10 * kSecond;

void end_old_workers(const process::Ledger& ledger) {
    for (const auto& owner : ledger.owners()) {
        if (process::kill_and_await(owner.pid, owner.start_time, kKillLimit)) continue;
        throw std::runtime_error("worker process " + std::to_string(owner.pid) +
                                 " of an earlier server cannot be killed; end it, then start again");
    }
}

Outcome outcome_of(std::int32_t code) {
    switch (code) {
        case FOLIOT_OK: return Outcome::ok;
        case FOLIOT_FAILED_FOR_GOOD: return Outcome::failed_for_good;
        case FOLIOT_RETRY_AFTER: return Outcome::retry_after;
        case FOLIOT_SNOOZED: return Outcome::snoozed;
        case FOLIOT_CANCELLED: return Outcome::cancelled;
        default: return Outcome::failed;
    }
}

/// Job code may have written there what it liked.
Micros believable(Micros time, Micros now) { return std::clamp<Micros>(time, 1, now); }

store::LedgerEntry ask(const process::Ledger& ledger, RunId run, std::int64_t claim, Micros now) {
    auto found = ledger.find(raw(run), claim);
    if (!found || found->phase == process::LedgerPhase::none) return {store::LedgerSays::not_started, {}, 0, 0};
    found->started = believable(found->started, now);
    found->ended = std::max(found->started, believable(found->ended, now));
    if (found->phase != process::LedgerPhase::ended) return {store::LedgerSays::started, {}, found->started, 0};
    return {store::LedgerSays::ended, outcome_of(found->outcome), found->started, found->ended};
}

}  // namespace

store::Fence join_and_recover(store::Store& store, process::Ledger& ledger, const std::string& name) {
    const store::NodeInfo node{name, ledger.id()};
    end_old_workers(ledger);
    // Another ledger (after a reboot; deleted; elsewhere) cannot tell what began.
    const bool nothing_proven = store.ledger_changed(node);
    const store::Fence fence = store.join(node);
    const Micros now = store.now();
    const auto recovered = store.recover(
        fence, [&](RunId run, std::int64_t claim) { return ask(ledger, run, claim, now); }, nothing_proven);
    ledger.clear();
    if (recovered.requeued + recovered.lost + recovered.ended > 0) {
        log::warning("recovered", "recovered from an unclean end: " + std::to_string(recovered.requeued) +
                                      " runs queued again, " + std::to_string(recovered.ended) + " had ended, " +
                                      std::to_string(recovered.lost) + " lost");
    }
    return fence;
}

}  // namespace foliot::engine
