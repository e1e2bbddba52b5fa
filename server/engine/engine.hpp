// The engine: turns the store's schedule into runs. Its loop is collect -> turn -> dispatch -> sleep; one file a step.
#pragma once

#include "domain/planner.hpp"
#include "engine/breaker.hpp"
#include "engine/clock_guard.hpp"
#include "engine/disk_guard.hpp"
#include "engine/holds.hpp"
#include "engine/module_waits.hpp"
#include "engine/prune.hpp"
#include "engine/tally.hpp"
#include "engine/waker.hpp"
#include "engine/zone_watch.hpp"
#include "module/catalogue.hpp"
#include "runner/runner.hpp"
#include "store/store.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace foliot::engine {

using Resolve = std::function<std::optional<module::Resolved>(const FuncRef&, std::string& why)>;

/// What may stop claims; nothing: it is not looked at. They outlive the engine and are used by its thread.
struct Guards {
    GuardedClock* clock = nullptr;  ///< then also the engine's clock, the store's and the runner's
    DiskGuard* disk = nullptr;
};

/// Everything happens on the thread that calls step() or run(); what comes from any thread says so.
class Engine {
  public:
    Engine(store::Store& store, runner::Runner& runner, Resolve resolve, const Clock& clock, store::Fence fence);

    /// One turn, by hand. True: there is more to do at once. The store being away is no error: what was collected is
    /// kept for the next step, and next_wake() says when that is.
    bool step();
    std::optional<Micros> next_wake() const { return next_wake_; }

    /// Steps until stop(); then claims no more, and ends when the runner is idle and all it reported is stored.
    void run();
    /// From now on run() prunes history when it has nothing else to do. Before run().
    void keep_history(const store::Retention& retention) { prune_.emplace(store_, clock_, retention); }
    /// From now on run() gives zoned jobs new times when the time zone data is replaced. Before run().
    void watch_zones() { zones_.emplace(store_, clock_); }
    /// Runs of modules that `unavailable` names are not started until it does not (or their misfire grace is over, see
    /// module_waits.hpp). It is asked at each turn; wake() when it names others. Before the first step.
    void await_modules(ModuleWaits::Unavailable unavailable) { waits_.emplace(store_, clock_, std::move(unavailable)); }
    /// `open` gives the JSON of a sealed argument (domain/sealed.hpp), or throws. Without it runs that have some end.
    /// Before the first step.
    void open_secrets_with(std::function<std::string(std::string_view sealed)> open) { open_ = std::move(open); }
    /// It outlives the engine. Before the first step.
    void break_with(Breaker& breaker) { breaker_ = &breaker; }
    /// Limits of the jobs that have none of their own. Before the first step.
    void limit_with(const ResourceLimits& limits) { limits_ = limits; }
    void guard_with(const Guards& guards) { guards_ = guards; }  ///< before the first step
    void forbid(const std::string& why);                         ///< this node never claims; before the first step

    // From any thread.
    void retain(const store::Retention& retention) { prune_->retain(retention); }  ///< with keep_history()
    void wake() { waker_.wake(); }
    /// For a watchdog: beats() is another number soon, if run() turns. No turn of the store comes of it.
    void nudge() const { waker_.nudge(); }
    std::uint64_t beats() const { return beats_; }
    void stop();
    void accept_clock();        ///< believe the wall clock as it is
    void disk_is_full();        ///< the store says so
    void drain(bool draining);  ///< true: claim nothing until it is called with false
    const Holds& holds() const { return holds_; }
    const Tally& tally() const { return tally_; }
    /// `changed` is called on any thread, must not block; outlives the engine. Before the first step.
    void tell_holds(std::function<void()> changed) { holds_.tell(std::move(changed)); }

  private:
    struct InFlight {
        std::shared_ptr<const Definition> def;
        int attempt = 1;
        Micros deadline = 0;
        int snoozes = 0;
        std::shared_ptr<const module::Module> module;
        Micros due = 0;
    };

    void collect();
    void plan_retries(std::size_t from);
    std::optional<store::TurnOut> turn();
    void forget_ended();
    void dispatch(std::vector<store::Assigned> assigned);
    std::optional<runner::RunOrder> order_for(store::Assigned& assigned);
    runner::Mask open_secrets(store::Assigned& assigned) const;
    void refuse(const store::Assigned& assigned, const std::string& reason, const std::string& why);
    void note_crashes(std::size_t from, const std::map<RunId, runner::Crash>& crashes);
    void tell_broken(const Breaker::Tripped& broken);
    void refuse_broken(const store::Assigned& assigned);
    void keep_breaks();
    void pass_on_stops(const std::vector<store::StopOrder>& stops);
    void check_guards();
    void check_clock();
    bool settle_step();
    void check_disk();
    void check_store();
    bool drained() const;
    bool do_chore(std::optional<Micros>& until);
    void idle();
    bool may_end();

    store::Store& store_;
    runner::Runner& runner_;
    Resolve resolve_;
    std::function<std::string(std::string_view)> open_;
    const Clock& clock_;
    store::Fence fence_;
    Waker waker_;
    std::atomic<std::uint64_t> beats_{0};  ///< how often run() came by
    Guards guards_;
    ResourceLimits limits_;
    Holds holds_;
    Tally tally_;
    bool held_ = false;  ///< claims were, at the last step
    std::optional<ClockSight> unsettled_step_;
    std::atomic<bool> stopping_{false}, accept_clock_{false}, disk_full_{false};
    store::TurnIn inbox_;                                   ///< learned, not yet stored
    std::unordered_map<std::int64_t, InFlight> in_flight_;  ///< by run id: what the retry policy needs at the end
    Breaker* breaker_ = nullptr;
    std::vector<store::AuditEntry> breaks_;  ///< of the breaker, not stored yet
    std::optional<Micros> next_wake_;
    std::optional<Prune> prune_;
    std::optional<ZoneWatch> zones_;
    std::optional<ModuleWaits> waits_;
    bool store_away_ = false;
    Micros store_away_since_ = 0;    ///< boottime
    std::optional<Micros> give_up_;  ///< monotonic: a stopping engine waits for the store no longer
    std::minstd_rand random_{std::random_device{}()};
};

/// Plans what is due. A trigger that cannot be evaluated throws; the store then breaks that job alone.
store::Planner claim_planner();

}  // namespace foliot::engine
