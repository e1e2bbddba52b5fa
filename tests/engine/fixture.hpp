// An engine cranked by hand: real store, a clock that stands still, and a runner that does what the test says.
#pragma once

#include "engine/engine.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace foliot::testing {

/// Keeps the runs it is given until the test ends them.
class ScriptedRunner final : public runner::Runner {
  public:
    void submit(std::vector<runner::RunOrder> orders) override {
        for (auto& order : orders) with_worker.push_back(std::move(order));
        if (submitted) submitted();
    }
    void stop(RunId run, StopWhy why) override { stops[raw(run)] = why; }
    runner::Collected collect() override {
        runner::Collected out = std::exchange(next_, {});
        out.room.any = std::max(0, places - static_cast<int>(with_worker.size()));
        return out;
    }
    void replace_workers(const std::set<std::string>&) override {}
    void shut_down(Micros) override {}
    runner::Census census() const override { return {}; }
    void nudge() override {}
    std::uint64_t beats() const override { return 0; }
    bool idle() const override { return with_worker.empty(); }
    std::optional<runner::OutputPiece> look(RunId, const runner::OutputPosition&) const override { return {}; }

    /// Ends the oldest run with this verdict.
    void end(const Clock& clock, const Verdict& verdict, std::optional<runner::Crash> crash = {}) {
        const auto order = std::move(with_worker.front());
        with_worker.pop_front();
        store::Finished finished;
        finished.run = order.assigned.run;
        if (crash) next_.crashes[finished.run] = *crash;
        finished.claim = order.assigned.claim;
        finished.verdict = verdict;
        finished.started = finished.ended = clock.now();
        next_.finished.push_back(std::move(finished));
    }

    std::deque<runner::RunOrder> with_worker;
    std::map<std::int64_t, StopWhy> stops;
    int places = 4;
    /// Called on the engine's thread: where that is another one than the test's, only this may use the runner.
    std::function<void()> submitted;

  private:
    runner::Collected next_;
};

/// The real store, with turns that fail as the test says.
class FailingStore final : public store::Store {
  public:
    explicit FailingStore(Store& real) : real_(real) {}
    enum class Turns { work, are_refused, are_unknown };
    std::atomic<Turns> turns{Turns::work};
    std::atomic<int> refused{0};
    std::atomic<int> writes{1'000'000};  ///< so many units are still taken

    store::TurnOut turn(const store::Fence& fence, const store::TurnIn& in, const store::Planner& planner) override {
        if (turns == Turns::are_unknown) throw store::CommitUnknown("the answer was lost");
        if (turns == Turns::work) return real_.turn(fence, in, planner);
        ++refused;
        throw store::StoreUnavailable("the disk is full");
    }
    Micros now() override { return real_.now(); }
    store::Fence join(const store::NodeInfo& node) override { return real_.join(node); }
    const store::Tally& tally() const override { return real_.tally(); }
    store::Recovered recover(const store::Fence& f, const store::LedgerLookup& l, bool b) override {
        return real_.recover(f, l, b);
    }
    bool ledger_changed(const store::NodeInfo& node) override { return real_.ledger_changed(node); }
    Micros last_seen() override { return real_.last_seen(); }
    void refuse_changes(const std::string& why) override { real_.refuse_changes(why); }
    void write(Class cls, const std::function<void(store::Tx&)>& unit) override {
        if (writes-- <= 0) throw store::StoreUnavailable("the disk is full");
        real_.write(cls, unit);
    }
    store::Pruned prune(const store::Retention& retention) override { return real_.prune(retention); }
    std::unique_ptr<store::Snapshot> read() override { return real_.read(); }
    void subscribe(std::function<void(const store::Event&)> l) override { real_.subscribe(std::move(l)); }
    void backup_to(const std::filesystem::path& file) override { real_.backup_to(file); }
    const PublicIds& public_ids() override { return real_.public_ids(); }

  private:
    Store& real_;
};

inline Verdict success(std::string result = "null") {
    return {RunState::succeeded, Outcome::ok, "", "", std::move(result), 0};
}
inline Verdict failure(Outcome outcome = Outcome::failed, Micros delay = 0) {
    return {RunState::failed, outcome, "exception", "it broke", "null", delay};
}

struct EngineFixture {
    TempDir dir;
    ManualClock clock;
    std::unique_ptr<store::Store> store = store::open_sqlite({dir / "foliot.db"}, clock);
    ScriptedRunner runner;
    process::Ledger ledger = process::Ledger::open(dir / "ledger", 2, "boot");
    engine::Engine engine{*store, runner, [this](const FuncRef& func, std::string& why) { return resolve(func, why); },
                          clock, store->join({"node", ledger.id()})};

    static std::optional<module::Resolved> resolve(const FuncRef& func, std::string& why) {
        static const auto tasks = [] {
            auto module = std::make_shared<module::Module>();
            module->name = "tasks";
            module->functions.emplace_back().name = "ok";
            return std::shared_ptr<const module::Module>(std::move(module));
        }();
        if (func.module == "tasks") return module::Resolved{tasks, &tasks->functions.front()};
        why = "no module '" + func.module + "'";
        return std::nullopt;
    }

    JobKey add(const std::string& id, const trigger::Trigger& trigger,
               const std::function<void(Definition&)>& with = {}) {
        store::JobWrite write;
        write.id = id;
        write.def.name = id;
        write.def.func = {"tasks", "ok"};
        write.def.trigger = trigger;
        if (with) with(write.def);
        write.arming = arm(write.def.trigger, clock.now());
        JobKey key{};
        store->write(store::Store::Class::api, [&](store::Tx& tx) {
            key = tx.put_job(write, store::ExpectedRev::absent());
            store::AuditEntry entry;
            entry.actor = entry.via = "test";
            entry.event = "added";
            entry.job = key;
            tx.audit(entry);
        });
        return key;
    }

    trigger::Interval every(Micros length) const { return {.every = length, .start = clock.now() + length, .end = {}}; }
    trigger::Date at(Micros when) const { return {.at = when}; }

    /// Steps until the engine has nothing more to do now.
    void settle() {
        while (engine.step()) {}
    }
    std::vector<store::RunView> runs() const { return store->read()->runs({}).items; }
};

}  // namespace foliot::testing
