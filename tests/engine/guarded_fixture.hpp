// An engine behind its guards, that can be started again on the same database.
#pragma once

#include "engine/fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace foliot::testing {

inline constexpr Micros kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour, kYear = 365 * kDay;

struct GuardedFixture {
    TempDir dir{std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path()};
    ManualClock system;
    ScriptedRunner runner;
    std::optional<engine::GuardedClock> clock;
    std::unique_ptr<store::Store> store;
    std::optional<FailingStore> failing;  ///< what the engine has
    std::optional<engine::Engine> engine;

    GuardedFixture() { start(); }

    void start() {
        clock.emplace(system);
        store = store::open_sqlite({dir / "foliot.db"}, *clock);
        clock->begin(store->last_seen());
        const auto fence = store->join({"node", "boot"});
        store->recover(
            fence, [](RunId, std::int64_t) { return store::LedgerEntry{}; }, false);
        failing.emplace(*store);
        engine.emplace(*failing, runner, EngineFixture::resolve, *clock, fence);
        engine->guard_with({&*clock, nullptr});
    }
    void stop() {
        engine.reset();
        failing.reset();
        store.reset();
        clock.reset();
    }

    JobKey add(const std::string& id, const trigger::Trigger& trigger,
               const std::function<void(Definition&)>& with = {}) {
        store::JobWrite write;
        write.id = write.def.name = id;
        write.def.func = {"tasks", "ok"};
        write.def.trigger = trigger;
        if (with) with(write.def);
        write.arming = arm(write.def.trigger, clock->now());
        JobKey key{};
        store->write(store::Store::Class::api,
                     [&](store::Tx& tx) { key = tx.put_job(write, store::ExpectedRev::absent()); });
        return key;
    }
    /// A run that failed waits ten minutes for its next attempt.
    void start_a_retry() {
        add("retried", trigger::Date{.at = system.now() + kSecond},
            [](Definition& def) { def.retry = {.max_retries = 1, .delay = 10 * kMinute}; });
        system.advance(kSecond);
        crank();
        runner.end(*clock, failure());
        crank();
    }
    trigger::Interval every(Micros length) const {
        return {.every = length, .start = clock->now() + length, .end = {}};
    }

    void crank() {
        while (engine->step()) {}
    }
    /// Time goes by evenly; whatever is started ends at once. Returns how many runs that were.
    int live(Micros length, Micros pace = kSecond) {
        int ran = 0;
        for (Micros gone = 0; gone < length; gone += pace) {
            system.advance(pace);
            crank();
            for (; !runner.with_worker.empty(); ++ran) {
                runner.end(*clock, success());
                crank();
            }
        }
        return ran;
    }
    bool suspect() const { return engine->holds().has(engine::Hold::clock); }
    void accept() {
        engine->accept_clock();
        crank();
    }

    std::vector<store::RunView> runs() const { return store->read()->runs({}).items; }
    int count(std::string_view state) const {
        int found = 0;
        for (const auto& run : runs()) found += wire_name(run.state) == state ? 1 : 0;
        return found;
    }
    Job job(JobKey key) const { return store->read()->job(key).value(); }
    int audits(std::string_view event) const {
        int found = 0;
        for (const auto& entry : store->read()->audit({}).items) found += entry.event == event ? 1 : 0;
        return found;
    }
};

}  // namespace foliot::testing
