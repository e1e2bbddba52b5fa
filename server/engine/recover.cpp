#include "engine/recover.hpp"

#include "base/log.hpp"
#include "process/spawn.hpp"

#include <foliot/abi.h>

#include <stdexcept>

namespace foliot::engine {
namespace {

constexpr Micros kKillLimit = 10 * kSecond;

/// Jobs can write into the ledger. With a user of their own they must not have this server end others' processes.
bool may_be_worker(pid_t pid, const std::optional<process::JobUser>& user) {
    return !user || process::uid_of(pid) == user->uid || process::name_of(pid) == "foliot-worker";
}

void end_old_workers(const process::Ledger& ledger, const std::optional<process::JobUser>& user) {
    for (const auto& owner : ledger.owners()) {
        if (process::start_time_of(owner.pid) != owner.start_time) continue;
        if (!may_be_worker(owner.pid, user)) {
            log::error("the start ledger names process " + std::to_string(owner.pid) +
                       ", which is no worker: a job has forged it. The process is spared");
            continue;
        }
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

store::LedgerEntry ask(const process::Ledger& ledger, RunId run, std::int64_t claim) {
    const auto found = ledger.find(raw(run), claim);
    if (!found || found->phase == process::LedgerPhase::none) return {store::LedgerSays::not_started, {}, 0, 0};
    if (found->phase == process::LedgerPhase::started) return {store::LedgerSays::started, {}, found->started, 0};
    return {store::LedgerSays::ended, outcome_of(found->outcome), found->started, found->ended};
}

}  // namespace

store::Fence join_and_recover(store::Store& store, process::Ledger& ledger, const std::string& name,
                              const std::optional<process::JobUser>& user) {
    const store::NodeInfo node{name, ledger.id()};
    end_old_workers(ledger, user);
    // Another ledger (after a reboot; deleted; elsewhere) cannot tell what began.
    const bool nothing_proven = store.ledger_changed(node);
    const store::Fence fence = store.join(node);
    const auto recovered = store.recover(
        fence, [&](RunId run, std::int64_t claim) { return ask(ledger, run, claim); }, nothing_proven);
    ledger.clear();
    if (recovered.requeued + recovered.lost + recovered.ended > 0) {
        log::warning("recovered from an unclean end: " + std::to_string(recovered.requeued) + " runs queued again, " +
                     std::to_string(recovered.ended) + " had ended, " + std::to_string(recovered.lost) + " lost");
    }
    return fence;
}

}  // namespace foliot::engine
