// A store with a clock that stands still, one node, and few-word helpers. What runs here must hold for every store:
// another one joins by being named in Backends.
#pragma once

#include "store/store.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace foliot::testing {

struct Sqlite {
    static std::unique_ptr<store::Store> open(const std::filesystem::path& dir, const Clock& clock) {
        return store::open_sqlite({dir / "foliot.db"}, clock);
    }
};
using Backends = std::tuple<Sqlite>;

struct World {
    using Open = std::unique_ptr<store::Store> (*)(const std::filesystem::path&, const Clock&);
    explicit World(Open open_store) : open(open_store) { reopen(); }

    Open open;
    TempDir dir;
    ManualClock clock;
    std::unique_ptr<store::Store> store;
    store::Fence fence;
    store::Planner planner = [](const DueJob& due, Micros now, Micros awake) { return plan(due, now, awake); };

    void reopen() {
        store.reset();
        store = open(dir.path(), clock);
        fence = store->join({"node", "boot"});
    }

    void write(const std::function<void(store::Tx&)>& unit) { store->write(store::Store::Class::api, unit); }

    /// Fires each second from the next one on.
    Definition every_second() const {
        Definition def;
        def.name = "job";
        def.func = {"module", "function"};
        def.trigger = trigger::Interval{kSecond, clock.now() + kSecond, {}, 0};
        return def;
    }
    store::JobWrite job_write(const std::string& id, const Definition& def) const {
        return {id, def, arm(def.trigger, clock.now()), false, 1};
    }
    JobKey put(const std::string& id, const Definition& def) {
        JobKey key{};
        write([&](store::Tx& tx) { key = tx.put_job(job_write(id, def), store::ExpectedRev::any()); });
        return key;
    }
    JobKey put(const std::string& id) { return put(id, every_second()); }
    /// Never fires by itself.
    JobKey put_manual(
        const std::string& id, const std::function<void(Definition&)>& change = [](Definition&) {}) {
        Definition def = every_second();
        def.trigger = trigger::None{};
        change(def);
        return put(id, def);
    }
    RunId run_now(JobKey key, const store::ManualRun& run = {}) {
        RunId id{};
        write([&](store::Tx& tx) { id = tx.run_now(key, run); });
        return id;
    }
    void stop(RunId run, StopWhy why = StopWhy::user) {
        write([&](store::Tx& tx) { tx.request_stop(run, why); });
    }
    void pause(JobKey key) {
        write([&](store::Tx& tx) {
            tx.settle(key, planned(Occasion::edit));
            tx.pause(key);
        });
    }
    void resume(JobKey key, const Definition& def) {
        write([&](store::Tx& tx) {
            tx.settle(key, planned(Occasion::resume));
            tx.resume(key, arm(def.trigger, clock.now()));
        });
    }
    static store::Planner planned(Occasion occasion) {
        return [occasion](const DueJob& due, Micros now, Micros awake) { return plan(due, now, awake, occasion); };
    }

    store::TurnOut turn(const store::TurnIn& in) { return store->turn(fence, in, planner); }
    store::TurnOut turn(int places = 1000) {
        store::TurnIn in;
        in.room.any = places;
        return turn(in);
    }
    static store::Finished ended(const store::Assigned& run, RunState state = RunState::succeeded) {
        store::Finished end;
        end.run = run.run;
        end.claim = run.claim;
        end.verdict.state = state;
        if (state != RunState::succeeded) end.verdict.reason = "test";
        return end;
    }
    store::TurnOut finish(const std::vector<store::Assigned>& runs, RunState state = RunState::succeeded,
                          int places = 0) {
        store::TurnIn in;
        in.room.any = places;
        for (const store::Assigned& run : runs) in.finished.push_back(ended(run, state));
        return turn(in);
    }

    store::RunView run(RunId id) { return store->read()->run(id).value(); }
    RunState state(RunId id) { return run(id).state; }
    std::vector<store::RunView> runs_of(JobKey key) {
        store::RunFilter filter;
        filter.job = key;
        return store->read()->runs(filter).items;
    }
    Job job(JobKey key) { return store->read()->job(key).value(); }
    std::int64_t accounted(JobKey key) { return store->read()->fires_accounted(key); }
};

template <class Backend>
struct On : World {
    On() : World(&Backend::open) {}
};

}  // namespace foliot::testing

namespace foliot {
inline std::ostream& operator<<(std::ostream& out, RunState state) {
    return out << "state " << static_cast<int>(state);
}
inline std::ostream& operator<<(std::ostream& out, JobStatus status) {
    return out << "status " << static_cast<int>(status);
}
inline std::ostream& operator<<(std::ostream& out, RunId id) { return out << raw(id); }
inline std::ostream& operator<<(std::ostream& out, JobKey id) { return out << raw(id); }
}  // namespace foliot
namespace foliot::store {
inline std::ostream& operator<<(std::ostream& out, Refused::Why why) {
    return out << "refusal " << static_cast<int>(why);
}
}  // namespace foliot::store
