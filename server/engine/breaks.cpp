// Functions that crash again and again: noticed, told, and not run.
#include "base/log.hpp"
#include "engine/engine.hpp"

#include <algorithm>
#include <utility>

namespace foliot::engine {
namespace {

constexpr Micros kAgain = kSecond;               ///< after the store was away
constexpr Micros kShortestRetry = 60 * kSecond;  ///< of a run that was refused: nothing is gained by trying soon

store::AuditEntry audit_of(std::string event, const std::string& func, std::string after) {
    store::AuditEntry entry;
    entry.actor = entry.via = "system";
    entry.event = std::move(event);
    entry.kind = "function";
    entry.ref = entry.name = func;
    entry.after = std::move(after);
    return entry;
}

std::string story_of(const Breaker::Tripped& broken) {
    return "it crashed " + std::to_string(broken.crashes) + " times in a row, the last time with " + broken.why;
}

}  // namespace

void Engine::note_crashes(std::size_t from, const std::map<RunId, runner::Crash>& crashes) {
    for (std::size_t i = from; i < inbox_.finished.size(); ++i) {
        const auto& finished = inbox_.finished[i];
        const auto known = in_flight_.find(raw(finished.run));
        if (known == in_flight_.end()) continue;
        const FuncRef& func = known->second.def->func;
        if (finished.verdict.state == RunState::succeeded) breaker_->succeeded(func);
        const auto crash = crashes.find(finished.run);
        if (crash == crashes.end()) continue;
        const auto tripped =
            breaker_->crashed(func, known->second.module->identity, crash->second == runner::Crash::alone,
                              finished.ended, finished.verdict.reason);
        if (tripped) tell_broken(*tripped);
    }
}

void Engine::tell_broken(const Breaker::Tripped& broken) {
    const std::string story = story_of(broken);
    log::error("function-broken", broken.func + " is not run any more: " + story + "; " + way_out(broken.func));
    breaks_.push_back(audit_of("broken", broken.func, story));
}

/// Its retries wait for a better day, so that what somebody resumes soon is not lost.
void Engine::refuse_broken(const store::Assigned& assigned) {
    const std::string func = assigned.def->func.text();
    const auto broken = breaker_->tripped(func);
    refuse(assigned, "breaker",
           func + " is not run: " + (broken ? story_of(*broken) : "it crashed too often") + "; " + way_out(func));
    store::Finished& finished = inbox_.finished.back();
    finished.verdict.state = RunState::failed;
    finished.verdict.outcome = Outcome::failed;
    auto next = next_attempt(assigned.def->retry, finished.verdict, assigned.attempt, finished.ended, 0);
    if (next) next->due = std::max(next->due, finished.ended + kShortestRetry);
    finished.next = within(next, assigned.deadline);
}

/// A store that is away is asked again at the next step; what runs until then goes by the breaker all the same.
void Engine::keep_breaks() {
    if (breaker_ == nullptr) return;
    for (const std::string& func : breaker_->take_released()) {
        log::info("function-runs-again", func + " runs again: its module is another version now");
        breaks_.push_back(audit_of("resumed", func, "another version of its module"));
    }
    if (breaks_.empty()) return;
    try {
        store_.write(store::Store::Class::api, [&](store::Tx& tx) {
            tx.settings().set(kBreakersSetting, breaker_->text());
            for (const auto& entry : std::as_const(breaks_)) tx.audit(entry);
        });
        breaks_.clear();
    } catch (const store::StoreUnavailable& e) {
        log::warning("breaker-not-stored",
                     std::string("the breaker is not stored yet, a restart would not know of it: ") + e.what());
        next_wake_ = std::min(next_wake_.value_or(clock_.now() + kAgain), clock_.now() + kAgain);
    }
}

}  // namespace foliot::engine
