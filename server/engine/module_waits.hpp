// Runs of modules that cannot be used now: they wait, seen to wait, until the module can be used again or their time is
// over.
#pragma once

#include "base/clock.hpp"
#include "store/store.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace foliot::engine {

/// Why a run waits, or was missed at last.
inline constexpr std::string_view kModuleUnavailable = "module_unavailable";

/// Used by the engine's thread alone. The store starts no run of these modules; this notes on the ready ones why they
/// wait, and ends fires whose misfire grace is over (missed) and runs whose deadline is (timeout), however late the
/// grace of others lets those be. What was due before its module was seen to be unavailable is late from then on: it
/// waited for something else until then.
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
        RunId run{};
        RunState end = RunState::missed;
    };
    using ByEnd = std::multimap<Micros, Waiting>;
    /// Through the ready runs of all these modules.
    struct Walk {
        Micros taken = 0;  ///< time of the engine's
        std::string module{};
        std::optional<store::ReadyPlace> after{};
    };
    void take(const std::set<std::string>& modules, Micros now);
    bool forget_some();
    bool end_some(Micros now);
    bool walk_on(const std::set<std::string>& modules);
    void note(const std::string& module, const std::vector<store::RunView>& runs);
    void write(const std::function<void(store::Tx&)>& unit);

    store::Store& store_;
    const Clock& clock_;
    Unavailable unavailable_;
    std::map<std::string, Micros> since_;   ///< UTC: when a module was first seen to be unavailable
    std::map<std::string, ByEnd> waiting_;  ///< noted in this life; by module, by when they end
    std::vector<RunId> over_;               ///< noted, but their module is back
    std::optional<Walk> walk_;
    Micros next_ = 0, next_walk_ = 0;  ///< UTC; monotonic
};

}  // namespace foliot::engine
