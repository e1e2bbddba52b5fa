#include "world.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

std::function<void(Definition&)> of(const std::string& module, const std::vector<std::string>& tags = {}) {
    return [=](Definition& def) {
        def.func.module = module;
        def.tags = tags;
    };
}

template <class Backend>
struct Limited : On<Backend> {
    using Jobs = std::vector<std::string>;

    void limit(const RunLimits& limits) {
        this->write([&](Tx& tx) { tx.set_limits(limits); });
    }
    /// Each job with one run that is ready.
    void queue(const std::string& name, int count, const std::function<void(Definition&)>& change) {
        for (int i = 0; i < count; ++i) this->run_now(this->put_manual(name + std::to_string(i), change));
    }
    std::int64_t used(const std::string& key) {
        for (const SlotView& slot : this->store->read()->slots()) {
            if (slot.key == key) return slot.used;
        }
        return -1;
    }
    static int count(const std::vector<Assigned>& runs, const std::string& module) {
        return static_cast<int>(
            std::count_if(runs.begin(), runs.end(), [&](const Assigned& r) { return r.def->func.module == module; }));
    }
    void give_back(const Assigned& run, int places = 0) {
        TurnIn in;
        in.given_back.push_back({run.run, run.claim});
        in.room.any = places;
        given_back = this->turn(in).assigned;
    }
    std::vector<Assigned> given_back;
};

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_full_module_waits_and_another_flows, Backend, Backends) {
    Limited<Backend> w;
    w.limit({0, {{"a", 2}}, {}});
    w.queue("a", 20, of("a"));
    w.queue("b", 20, of("b"));
    auto out = w.turn(30);
    BOOST_TEST(w.count(out.assigned, "a") == 2);
    BOOST_TEST(w.count(out.assigned, "b") == 20);
    BOOST_TEST(w.used("module:a") == 2);
    BOOST_TEST(!out.more);
    BOOST_TEST(w.turn(30).assigned.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(fires_that_find_their_limit_full_are_stored_and_all_run_in_the_end, Backend, Backends) {
    Limited<Backend> w;
    w.limit({0, {{"a", 2}}, {}});
    std::vector<JobKey> jobs;
    for (int i = 0; i < 100; ++i) {
        Definition def = w.every_second();
        def.trigger = trigger::Date{w.clock.now() + kSecond, 0};
        def.func.module = "a";
        jobs.push_back(w.put("job" + std::to_string(i), def));
    }
    w.clock.advance(kSecond);
    std::set<RunId> ran;
    auto out = w.turn(1000);
    while (!out.assigned.empty()) {
        BOOST_REQUIRE(out.assigned.size() <= 2U);
        BOOST_REQUIRE(w.used("module:a") == static_cast<std::int64_t>(out.assigned.size()));
        for (const Assigned& run : out.assigned) ran.insert(run.run);
        out = w.finish(out.assigned, RunState::succeeded, 1000);  // the end itself makes room for the next
    }
    BOOST_TEST(ran.size() == 100U);
    BOOST_TEST(w.used("module:a") == 0);
    for (const JobKey job : jobs) {
        BOOST_TEST(w.accounted(job) == 1);
        BOOST_TEST(w.runs_of(job).at(0).state == RunState::succeeded);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_tags_limit_holds_across_modules, Backend, Backends) {
    Limited<Backend> w;
    w.limit({0, {}, {{"db", 3}}});
    for (const std::string module : {"a", "b", "c"}) w.queue(module, 5, of(module, {"db"}));
    w.queue("free", 2, of("a", {"other"}));
    std::map<std::string, int> ran;
    auto out = w.turn(100);
    BOOST_TEST(out.assigned.size() == 5U);
    for (int turns = 0; !out.assigned.empty(); ++turns) {
        BOOST_REQUIRE(turns < 20);
        BOOST_REQUIRE(w.used("tag:db") <= 3);
        for (const Assigned& run : out.assigned) ++ran[run.def->func.module];
        out = w.finish(out.assigned, RunState::failed, 100);
    }
    BOOST_TEST(ran["a"] == 7);
    BOOST_TEST(ran["b"] == 5);
    BOOST_TEST(ran["c"] == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_limit_of_all_runs_holds_and_is_shared_in_turn, Backend, Backends) {
    Limited<Backend> w;
    w.limit({2, {}, {}});
    w.queue("a", 50, of("a"));
    w.queue("b", 3, of("b"));
    w.queue("c", 3, of("c"));
    TurnIn in;  // the module a has places of its own and ends fast, and may not take every place that frees
    in.room.any = 1;
    in.room.lanes = {{lane_of("a"), 10}};
    std::map<std::string, int> ran;
    for (int turns = 0; turns < 30; ++turns) {
        const auto out = w.turn(in);
        BOOST_REQUIRE(w.used("running") <= 2);
        in.finished.clear();
        for (const Assigned& run : out.assigned) {
            ++ran[run.def->func.module];
            in.finished.push_back(w.ended(run));
        }
    }
    BOOST_TEST(ran["b"] == 3);
    BOOST_TEST(ran["c"] == 3);
    BOOST_TEST(ran["a"] == 50);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_takes_all_its_limits_or_none, Backend, Backends) {
    Limited<Backend> w;
    w.limit({0, {}, {{"cpu", 1}, {"db", 1}}});
    w.queue("db", 1, of("a", {"db"}));
    const auto first = w.turn(10).assigned;
    BOOST_REQUIRE(first.size() == 1U);
    w.queue("both", 2, of("a", {"cpu", "db"}));
    w.queue("cpu", 1, of("a", {"cpu"}));
    const auto second = w.turn(10).assigned;
    BOOST_REQUIRE(second.size() == 1U);
    BOOST_TEST(second.at(0).job_id == "cpu0");  // what waits for `db` does not hold `cpu` meanwhile
    BOOST_TEST(w.finish(first, RunState::succeeded, 10).assigned.empty());
    const auto third = w.finish(second, RunState::succeeded, 10).assigned;
    BOOST_REQUIRE(third.size() == 1U);
    BOOST_TEST(third.at(0).job_id == "both0");
    BOOST_TEST(w.used("tag:cpu") == 1);
    BOOST_TEST(w.used("tag:db") == 1);
    BOOST_TEST(w.finish(third, RunState::succeeded, 10).assigned.at(0).job_id == "both1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_that_is_given_back_or_stopped_frees_its_limit, Backend, Backends) {
    Limited<Backend> w;
    w.limit({1, {{"a", 1}}, {}});
    w.queue("a", 2, of("a"));
    auto run = w.turn(5).assigned.at(0);
    w.give_back(run);
    BOOST_TEST(w.used("module:a") == 0);
    BOOST_TEST(w.used("running") == 0);
    run = w.turn(5).assigned.at(0);
    w.stop(run.run);  // still with its worker until it has ended
    BOOST_TEST(w.turn(5).assigned.empty());
    w.give_back(run, 5);
    BOOST_TEST(w.state(run.run) == RunState::stopped);
    BOOST_TEST(w.given_back.size() == 1U);
    BOOST_TEST(w.used("module:a") == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_end_that_is_refused_frees_nothing, Backend, Backends) {
    Limited<Backend> w;
    w.limit({1, {}, {}});
    w.queue("a", 3, of("a"));
    const auto out = w.turn(5);
    auto wrong = w.ended(out.assigned.at(0));
    ++wrong.claim;
    TurnIn in;
    in.finished = {wrong};
    in.room.any = 5;
    BOOST_TEST(w.turn(in).assigned.empty());
    BOOST_TEST(w.used("running") == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(runs_by_hand_and_retries_wait_for_their_limit, Backend, Backends) {
    Limited<Backend> w;
    w.limit({0, {{"a", 1}}, {}});
    w.queue("a", 1, of("a"));
    const auto first = w.turn(5).assigned;
    const JobKey other = w.put_manual("other", of("a"));
    const RunId manual = w.run_now(other);
    BOOST_TEST(w.turn(5).assigned.empty());
    BOOST_TEST(w.state(manual) == RunState::ready);
    TurnIn in;
    in.finished.push_back(w.ended(first.at(0), RunState::failed));
    in.finished.at(0).next = NextAttempt{w.clock.now(), true};
    in.room.any = 5;
    const auto second = w.turn(in).assigned;
    BOOST_REQUIRE(second.size() == 1U);
    const auto third = w.finish(second, RunState::succeeded, 5).assigned;
    BOOST_REQUIRE(third.size() == 1U);
    BOOST_TEST(w.finish(third, RunState::succeeded, 5).assigned.empty());
    BOOST_TEST(w.state(manual) == RunState::succeeded);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(recovery_counts_anew, Backend, Backends) {
    Limited<Backend> w;
    w.limit({0, {{"a", 2}}, {}});
    w.queue("a", 5, of("a"));
    const auto before = w.turn(5).assigned;
    BOOST_REQUIRE(before.size() == 2U);
    w.reopen();
    w.store->recover(
        w.fence,
        [&](RunId run, std::int64_t) {
            LedgerEntry entry;
            entry.says = run == before.at(0).run ? LedgerSays::not_started : LedgerSays::started;
            return entry;
        },
        false);
    BOOST_TEST(w.used("module:a") == 0);
    BOOST_TEST(w.turn(5).assigned.size() == 2U);
    BOOST_TEST(w.used("module:a") == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_limit_that_is_lowered_below_what_runs_starts_nothing_until_enough_ended, Backend,
                              Backends) {
    Limited<Backend> w;
    w.limit({0, {{"a", 4}, {"gone", 1}}, {}});
    w.queue("a", 8, of("a"));
    auto running = w.turn(10).assigned;
    BOOST_REQUIRE(running.size() == 4U);
    w.limit({0, {{"a", 2}}, {}});
    BOOST_TEST(w.used("module:a") == 4);
    BOOST_TEST(w.used("module:gone") == -1);
    for (int i = 0; i < 2; ++i) {
        BOOST_TEST(w.finish({running.back()}, RunState::succeeded, 10).assigned.empty());
        running.pop_back();
    }
    BOOST_TEST(w.finish({running.back()}, RunState::succeeded, 10).assigned.size() == 1U);
    w.limit({});
    BOOST_TEST(w.turn(10).assigned.size() == 3U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_edit_of_the_tags_leaves_the_accounts_of_runs_that_are_under_way_right, Backend,
                              Backends) {
    Limited<Backend> w;
    w.limit({0, {}, {{"db", 1}, {"web", 1}}});
    const JobKey job = w.put_manual("job", of("a", {"db"}));
    w.run_now(job);
    const auto first = w.turn(5).assigned;
    w.put_manual("job", of("a", {"web"}));
    BOOST_TEST(w.used("tag:db") == 1);
    BOOST_TEST(w.used("tag:web") == 0);
    w.finish(first);
    BOOST_TEST(w.used("tag:db") == 0);
    w.run_now(job);
    BOOST_TEST(w.turn(5).assigned.size() == 1U);
    BOOST_TEST(w.used("tag:web") == 1);
    BOOST_TEST(w.used("tag:db") == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lanes_of_one_module_share_its_own_places_in_turn, Backend, Backends) {
    Limited<Backend> w;
    for (const std::string tag : {"x", "y", "z"}) w.queue(tag, 3, of("a", {tag}));
    w.queue("plain", 3, of("a"));
    TurnIn in;
    in.room.lanes = {{lane_of("a"), 1}};
    std::map<std::string, int> ran;
    for (int i = 0; i < 12; ++i) {
        const auto out = w.turn(in);
        BOOST_REQUIRE(out.assigned.size() == 1U);
        BOOST_TEST(out.assigned.at(0).lane == lane_of("a"));
        ++ran[out.assigned.at(0).job_id.substr(0, 1)];
        if (i == 3) BOOST_TEST(ran.size() == 4U);
    }
    BOOST_TEST(w.turn(in).assigned.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_place_that_a_full_lane_left_goes_to_one_that_was_not_looked_at, Backend, Backends) {
    Limited<Backend> w;
    w.limit({0, {}, {{"db", 1}}});
    std::vector<std::string> modules;
    for (int i = 0; i < 6; ++i) modules.push_back("m" + std::to_string(i));
    for (const auto& module : modules) w.queue(module, 1, of(module, {"db"}));
    w.queue("free", 1, of("free"));
    std::set<std::string> ran;
    for (bool more = true; more;) {
        const auto out = w.turn(3 - static_cast<int>(ran.size()));
        for (const Assigned& run : out.assigned) ran.insert(run.job_id);
        more = out.more;
    }
    BOOST_TEST(ran.size() == 2U);
    BOOST_TEST(ran.contains("free0"));
}

namespace {

/// Counts what SQLite does on every connection that is opened while it lives.
class Meter {
  public:
    Meter() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(&Meter::attach)); }
    ~Meter() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&Meter::attach)); }
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;

    struct Cost {
        std::int64_t statements = 0, steps = 0;
    };
    template <class Act>
    static Cost of(Act act) {
        statements = steps = 0;
        act();
        return {statements, steps};
    }

  private:
    static int attach(sqlite3* db, const char**, const sqlite3_api_routines*) {
        return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, &Meter::seen, nullptr);
    }
    static int seen(unsigned, void*, void* statement, void*) {
        ++statements;
        steps += sqlite3_stmt_status(static_cast<sqlite3_stmt*>(statement), SQLITE_STMTSTATUS_VM_STEP, 1);
        return 0;
    }
    static inline std::atomic<std::int64_t> statements{0}, steps{0};
};

struct Turn {
    Meter::Cost first, idle;
};

/// What a turn costs while `queued` runs of a full module wait.
Turn cost_of_a_turn(int queued) {
    Limited<Sqlite> w;
    w.limit({0, {{"a", 1}}, {}});
    std::vector<JobKey> jobs;
    w.write([&](Tx& tx) {
        for (int i = 0; i < queued; ++i) {
            Definition def = w.every_second();
            def.trigger = trigger::None{};
            def.func.module = "a";
            const JobKey job = tx.put_job(w.job_write("job" + std::to_string(i), def), ExpectedRev::any());
            tx.run_now(job, {});
        }
    });
    const auto running = w.turn(5).assigned;
    BOOST_REQUIRE(running.size() == 1U);
    Turn cost;
    cost.idle = Meter::of([&] { w.turn(5); });
    cost.first = Meter::of([&] { BOOST_REQUIRE(w.finish(running, RunState::succeeded, 5).assigned.size() == 1U); });
    return cost;
}

/// Statements of one fire of an unlimited job, from its claim to its end.
std::int64_t cost_of_a_run(const RunLimits& limits) {
    Limited<Sqlite> w;
    w.limit(limits);
    w.put("job");
    w.clock.advance(kSecond);
    std::vector<Assigned> runs = w.turn(5).assigned;  // what is read once is read now
    w.clock.advance(kSecond);
    return Meter::of([&] {
               runs = w.finish(runs, RunState::succeeded, 5).assigned;
               w.finish(runs);
           })
        .statements;
}

}  // namespace

BOOST_AUTO_TEST_CASE(ten_thousand_queued_runs_of_a_full_lane_cost_a_turn_no_more_than_ten) {
    const Meter meter;
    const Turn few = cost_of_a_turn(10);
    const Turn many = cost_of_a_turn(10'000);
    BOOST_TEST_MESSAGE("a turn: " << few.idle.statements << " statements, " << few.idle.steps
                                  << " steps with 10 queued, " << many.idle.statements << ", " << many.idle.steps
                                  << " with 10,000; one that starts one: " << few.first.steps << ", "
                                  << many.first.steps);
    BOOST_TEST(few.idle.statements > 0);
    BOOST_TEST(many.idle.statements == few.idle.statements);
    BOOST_TEST(many.first.statements == few.first.statements);
    BOOST_TEST(many.idle.steps < few.idle.steps + 100);
    BOOST_TEST(many.first.steps < few.first.steps + 100);
}

BOOST_AUTO_TEST_CASE(a_run_without_limits_costs_no_statement_more_when_others_have_them) {
    const Meter meter;
    const auto unlimited = cost_of_a_run({});
    BOOST_TEST(unlimited > 0);
    BOOST_TEST(cost_of_a_run({0, {{"other", 1}}, {{"db", 1}}}) == unlimited);
    BOOST_TEST(cost_of_a_run({1, {}, {}}) > unlimited);
}
