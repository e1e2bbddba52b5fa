#include "engine/module_waits.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace foliot::engine {
namespace {

constexpr Micros kPause = kSecond;
constexpr Micros kNever = std::numeric_limits<Micros>::max();
constexpr std::size_t kUnit = 200, kPage = 500;
constexpr int kRestShare = 9;  ///< a walk takes a tenth of the engine's time at most, however many runs wait

/// When a run that goes on waiting is to be ended, and as what.
std::pair<Micros, RunState> end_of(const store::RunView& run, Micros unavailable_since) {
    const bool is_fire = run.origin == Origin::fire;
    const Micros late_from = std::max(run.due, unavailable_since);
    const Micros grace = is_fire && run.def->misfire_grace ? late_from + *run.def->misfire_grace : kNever;
    const Micros deadline = run.def->deadline > 0 ? run.since + run.def->deadline : kNever;
    return grace < deadline ? std::pair(grace, RunState::missed) : std::pair(deadline, RunState::timeout);
}

}  // namespace

bool ModuleWaits::step() {
    const Micros now = clock_.now();
    const std::set<std::string> modules = unavailable_();
    take(modules, now);
    if (modules.empty() && over_.empty()) {
        next_ = now + 3600 * kSecond;  // who finds a module unusable wakes the engine
        return false;
    }
    const bool too_early = now < next_ && now >= next_ - kPause;
    if (too_early) return false;
    next_ = now + kPause;  // also after a failure
    try {
        const bool more = forget_some() || end_some(now) || walk_on(modules);
        if (more) next_ = now;
        return more;
    } catch (const store::StoreUnavailable&) {  // the turns say so
    } catch (const store::CommitUnknown& error) {
        log::warning("module-waits-unsure",
                     std::string("runs that wait for their module were noted or ended, or not: ") + error.what());
    }
    return false;
}

/// Runs of modules that can be used again start by themselves; only what was noted on them is to go.
void ModuleWaits::take(const std::set<std::string>& modules, Micros now) {
    std::erase_if(since_, [&](const auto& known) { return !modules.contains(known.first); });
    for (const std::string& module : modules) since_.emplace(module, now);
    std::erase_if(waiting_, [&](const auto& known) {
        if (modules.contains(known.first)) return false;
        for (const auto& [end, waiting] : known.second) over_.push_back(waiting.run);
        return true;
    });
}

bool ModuleWaits::forget_some() {
    if (over_.empty()) return false;
    const auto first = over_.end() - static_cast<std::ptrdiff_t>(std::min(kUnit, over_.size()));
    write([&](store::Tx& tx) {
        for (auto run = first; run != over_.end(); ++run) tx.note_wait(*run, "");
    });
    over_.erase(first, over_.end());
    return true;
}

bool ModuleWaits::end_some(Micros now) {
    for (auto& [module, runs] : waiting_) {
        auto late = runs.begin();
        for (std::size_t count = 0; count < kUnit && late != runs.end() && late->first <= now; ++count) ++late;
        if (late == runs.begin()) continue;
        write([&, &module = module, &runs = runs](store::Tx& tx) {
            for (auto at = runs.begin(); at != late; ++at) {
                const bool is_missed = at->second.end == RunState::missed;
                tx.end_ready(at->second.run, at->second.end, is_missed ? kModuleUnavailable : "deadline",
                             "module '" + module + "' could not be used until its " +
                                 (is_missed ? "misfire grace was over" : "deadline had passed"));
            }
        });
        runs.erase(runs.begin(), late);
        return true;
    }
    return false;
}

/// A page at a time: nothing tells where in the queue runs have come that are not noted yet.
bool ModuleWaits::walk_on(const std::set<std::string>& modules) {
    const Micros now = clock_.monotonic();
    if (!walk_ && now < next_walk_) return false;
    if (!walk_) walk_ = Walk{};
    const auto module = modules.lower_bound(walk_->module);
    if (module == modules.end()) {
        next_walk_ = now + std::max(kPause, kRestShare * walk_->taken);
        walk_.reset();
        return false;
    }
    if (*module != walk_->module) walk_ = Walk{.taken = walk_->taken, .module = *module};
    const auto page = store_.read()->unnoted_runs(*module, walk_->after, kPage);
    note(*module, page.runs);
    walk_->after = page.next;
    walk_->taken += clock_.monotonic() - now;
    if (!page.next) walk_->module += '\0';  // on to the next one
    return true;
}

void ModuleWaits::note(const std::string& module, const std::vector<store::RunView>& runs) {
    if (runs.empty()) return;
    write([&](store::Tx& tx) {
        for (const store::RunView& run : runs) tx.note_wait(run.id, kModuleUnavailable);
    });
    for (const store::RunView& run : runs) {
        const auto [at, state] = end_of(run, since_.at(module));
        waiting_[module].emplace(at, Waiting{run.id, state});
    }
}

void ModuleWaits::write(const std::function<void(store::Tx&)>& unit) { store_.write(store::Store::Class::bulk, unit); }

}  // namespace foliot::engine
