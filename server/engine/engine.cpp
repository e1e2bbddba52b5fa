#include "engine/engine.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <utility>

namespace foliot::engine {
namespace {

constexpr Micros kStoreRetry = kSecond, kGuardPause = kSecond, kStoreGrace = 30 * kSecond;
constexpr int kFewestJobs = 64, kMostJobs = 512;

/// Fires beyond the free places would be written twice, as queued and again as assigned; so a turn claims about as
/// many.
int jobs_for(const store::Room& room) {
    int places = room.any;
    for (const auto& lane : room.lanes) places += lane.places;
    return std::clamp(2 * places, kFewestJobs, kMostJobs);
}

}  // namespace

store::Planner claim_planner() {
    return [](const DueJob& due, Micros now, Micros awake_since) { return plan(due, now, awake_since); };
}

Engine::Engine(store::Store& store, runner::Runner& runner, Resolve resolve, const Clock& clock, store::Fence fence)
    : store_(store), runner_(runner), resolve_(std::move(resolve)), clock_(clock), fence_(fence) {}

bool Engine::step() {
    check_guards();
    if (!store_away_) collect();  // collecting again tells the runner that the batch before is stored
    auto out = turn();
    if (!out) return false;
    for (const RunId run : out->fenced_off) {
        log::warning("late-end-refused",
                     "late end of execution " + store_.public_ids().hex(raw(run)) + " refused: it had ended before");
    }
    pass_on_stops(out->stops);
    dispatch(std::move(out->assigned));
    next_wake_ = out->next_wake;
    if (holds_.has(Hold::clock) || holds_.has(Hold::disk)) next_wake_ = clock_.now() + kGuardPause;
    keep_breaks();
    return out->more || !inbox_.finished.empty() || !inbox_.given_back.empty();
}

std::optional<store::TurnOut> Engine::turn() {
    inbox_.max_jobs = jobs_for(inbox_.room);
    if (waits_) inbox_.unavailable = waits_->unavailable();
    try {
        auto out = store_.turn(fence_, inbox_, claim_planner());
        forget_ended();
        if (std::exchange(store_away_, false)) {
            holds_.clear(Hold::store);
            log::info("store-back", std::string("the store takes writes again") +
                                        (holds_.worst() ? ", but nothing is started: " + holds_.worst()->why : ""));
        }
        return out;
    } catch (const store::StoreUnavailable& e) {
        if (!std::exchange(store_away_, true)) store_away_since_ = clock_.boottime();
        const std::string why = "the store takes no writes; runs go on, nothing is claimed until it does: ";
        if (holds_.set(Hold::store, why + e.what())) log::error("store-away", why + e.what());
        next_wake_ = clock_.now() + kStoreRetry;
        return std::nullopt;
    }
}

/// What the inbox holds is stored.
void Engine::forget_ended() {
    for (const auto& finished : inbox_.finished) {
        const auto known = in_flight_.find(raw(finished.run));
        if (known == in_flight_.end()) continue;
        if (finished.started != 0) {
            tally_.duration.note(finished.ended - finished.started);
            tally_.lateness.note(finished.started - known->second.due);
        }
        in_flight_.erase(known);
    }
    for (const auto& given : inbox_.given_back) in_flight_.erase(raw(given.run));
    inbox_ = {};
}

void Engine::pass_on_stops(const std::vector<store::StopOrder>& stops) {
    for (const auto& stop : stops) runner_.stop(stop.run, stop.why);
}

void Engine::run() {
    while (!may_end()) {
        ++beats_;
        if (!step() && !may_end()) idle();
    }
}

/// One small unit of what is done beside: a turn comes between any two. Else `until` is when there may be one.
bool Engine::do_chore(std::optional<Micros>& until) {
    const auto step = [&](auto& chore) {
        if (!chore) return false;
        if (chore->step()) return true;
        until = std::min(until.value_or(chore->next()), chore->next());
        return false;
    };
    return step(waits_) || step(zones_) || step(prune_);
}

/// Does a chore, or sleeps.
void Engine::idle() {
    std::optional<Micros> until = stopping_ && !store_away_ ? std::nullopt : next_wake_;
    const bool free = !stopping_ && !store_away_ && !holds_.has(Hold::disk);
    if (free && do_chore(until)) return;
    if (until && guards_.clock != nullptr) until = guards_.clock->on_wall(*until);
    while (!waker_.wait(until)) ++beats_;
}

/// A store that stays away cannot keep the server from ending: the start ledger holds what is left unsaid.
bool Engine::may_end() {
    if (!stopping_) return false;
    if (drained()) return true;
    if (!store_away_) return false;
    if (!give_up_) give_up_ = clock_.monotonic() + kStoreGrace;
    return clock_.monotonic() >= *give_up_;
}

void Engine::stop() {
    stopping_ = true;
    waker_.wake();
}

bool Engine::drained() const {
    return runner_.idle() && inbox_.finished.empty() && inbox_.given_back.empty() && in_flight_.empty();
}

}  // namespace foliot::engine
