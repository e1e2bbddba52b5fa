// Runs of modules that cannot be used now: they wait, seen to wait, until the module can be used again or their time is
// over.
#pragma once

#include "base/clock.hpp"
#include "store/store.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>

namespace foliot::engine {

/// Why a run waits, or was missed at last.
inline constexpr std::string_view kModuleUnavailable = "module_unavailable";

/// Used by the engine's thread alone. The store starts no run of these modules; this notes on the ready ones why they
/// wait, and ends fires whose misfire grace is over (missed) and runs whose deadline is (timeout), however late the
/// grace of others lets those be.
class ModuleWaits final {
  public:
    using Unavailable = std::function<std::set<std::string>()>;
    ModuleWaits(store::Store& store, const Clock& clock, Unavailable unavailable)
        : store_(store), clock_(clock), unavailable_(std::move(unavailable)) {}

    std::set<std::string> unavailable() const { return unavailable_(); }
    /// One look and one unit, if it is time for one. True: there is more to do at once.
    bool step();
    /// When the next look is due (UTC).
    Micros next() const { return next_; }

  private:
    struct Waiting {
        std::string module;
        RunId run{};
        RunState end = RunState::missed;
    };
    bool note_some(const std::set<std::string>& modules);
    bool end_some();
    bool forget_some(const std::set<std::string>& modules);
    void write(const std::function<void(store::Tx&)>& unit);

    store::Store& store_;
    const Clock& clock_;
    Unavailable unavailable_;
    std::multimap<Micros, Waiting> waiting_;  ///< noted in this life, by when they end
    Micros next_ = 0;
};

}  // namespace foliot::engine
