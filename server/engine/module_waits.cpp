#include "engine/module_waits.hpp"

#include "base/log.hpp"

#include <limits>
#include <utility>
#include <vector>

namespace foliot::engine {
namespace {

constexpr Micros kPause = kSecond;
constexpr Micros kNever = std::numeric_limits<Micros>::max();
constexpr std::size_t kUnit = 200;

/// When a run that goes on waiting is to be ended, and as what.
std::pair<Micros, RunState> end_of(const store::RunView& run) {
    const bool is_fire = run.origin == Origin::fire;
    const Micros grace = is_fire && run.def->misfire_grace ? run.due + *run.def->misfire_grace : kNever;
    const Micros deadline = run.def->deadline > 0 ? run.since + run.def->deadline : kNever;
    return grace < deadline ? std::pair(grace, RunState::missed) : std::pair(deadline, RunState::timeout);
}

}  // namespace

bool ModuleWaits::step() {
    const Micros now = clock_.now();
    const std::set<std::string> modules = unavailable_();
    if (modules.empty() && waiting_.empty()) {
        next_ = now + 3600 * kSecond;  // who finds a module unusable wakes the engine
        return false;
    }
    const bool too_early = now < next_ && now >= next_ - kPause;
    if (too_early) return false;
    next_ = now + kPause;  // also after a failure
    try {
        const bool more = forget_some(modules) || note_some(modules) || end_some();
        if (more) next_ = now;
        return more;
    } catch (const store::StoreUnavailable&) {  // the turns say so
    } catch (const store::CommitUnknown& error) {
        log::warning(std::string("runs that wait for their module were noted or ended, or not: ") + error.what());
    }
    return false;
}

/// Those of modules that can be used again start by themselves.
bool ModuleWaits::forget_some(const std::set<std::string>& modules) {
    std::vector<decltype(waiting_)::iterator> over;
    for (auto at = waiting_.begin(); at != waiting_.end() && over.size() < kUnit; ++at) {
        if (!modules.contains(at->second.module)) over.push_back(at);
    }
    if (over.empty()) return false;
    write([&](store::Tx& tx) {
        for (const auto& at : over) tx.note_wait(at->second.run, "");
    });
    for (const auto& at : over) waiting_.erase(at);
    return true;
}

bool ModuleWaits::note_some(const std::set<std::string>& modules) {
    for (const std::string& module : modules) {
        const auto runs = store_.read()->unnoted_runs(module, kUnit);
        if (runs.empty()) continue;
        write([&](store::Tx& tx) {
            for (const store::RunView& run : runs) tx.note_wait(run.id, kModuleUnavailable);
        });
        for (const store::RunView& run : runs) {
            const auto [at, state] = end_of(run);
            waiting_.emplace(at, Waiting{module, run.id, state});
        }
        return true;
    }
    return false;
}

bool ModuleWaits::end_some() {
    std::vector<decltype(waiting_)::iterator> late;
    for (auto at = waiting_.begin(); at != waiting_.end() && late.size() < kUnit; ++at) {
        if (at->first > clock_.now()) break;
        late.push_back(at);
    }
    if (late.empty()) return false;
    write([&](store::Tx& tx) {
        for (const auto& at : late) {
            const Waiting& run = at->second;
            const bool is_missed = run.end == RunState::missed;
            tx.end_ready(run.run, run.end, is_missed ? kModuleUnavailable : "deadline",
                         "module '" + run.module + "' could not be used until its " +
                             (is_missed ? "misfire grace was over" : "deadline had passed"));
        }
    });
    for (const auto& at : late) waiting_.erase(at);
    return true;
}

void ModuleWaits::write(const std::function<void(store::Tx&)>& unit) { store_.write(store::Store::Class::bulk, unit); }

}  // namespace foliot::engine
