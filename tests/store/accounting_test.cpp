// Rows of the accounting that only the store can show: what the planner decides is in the planner's own tests.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

/// Runs the job to its end with all the places one could want; the most runs of it that were live at once.
template <class Backend>
std::size_t most_at_once(On<Backend>& w, std::vector<std::string>& order) {
    std::vector<Assigned> live = w.turn().assigned;
    std::size_t most = live.size();
    while (!live.empty()) {
        order.push_back(std::to_string(live.front().nominal));
        const auto next = w.finish({live.front()}, RunState::succeeded, 100).assigned;
        live.erase(live.begin());
        live.insert(live.end(), next.begin(), next.end());
        most = std::max(most, live.size());
    }
    return most;
}

int count(const std::vector<RunView>& runs, RunState state, const std::string& reason = "") {
    return static_cast<int>(std::count_if(runs.begin(), runs.end(),
                                          [&](const RunView& r) { return r.state == state && r.reason == reason; }));
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(fires_to_catch_up_on_run_one_after_the_other_whatever_the_overlap_policy, Backend,
                              Backends) {
    for (const Overlap overlap : {Overlap::skip, Overlap::queue, Overlap::replace}) {
        for (const int instances : {1, 3}) {
            On<Backend> w;
            Definition def = w.every_second();
            def.coalesce = false;
            def.overlap = overlap;
            def.max_instances = instances;
            def.max_queued = 1;
            def.trigger = trigger::Interval{kSecond, w.clock.now() + kSecond, w.clock.now() + 6 * kSecond, 0};
            const JobKey key = w.put("job", def);
            w.clock.advance(6 * kSecond);
            w.reopen();
            std::vector<std::string> order;
            BOOST_TEST(most_at_once(w, order) == 1U);
            BOOST_TEST(order.size() == 6U);
            BOOST_TEST(std::is_sorted(order.begin(), order.end()));
            BOOST_TEST(w.accounted(key) == 6);
            BOOST_TEST(count(w.runs_of(key), RunState::succeeded) == 6);
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(each_end_of_a_job_that_queues_lets_one_go, Backend, Backends) {
    On<Backend> w;
    Definition def = w.every_second();
    def.overlap = Overlap::queue;
    def.max_instances = 2;
    w.put("job", def);
    for (int i = 0; i < 2; ++i) {
        w.clock.advance(kSecond);
        w.turn();
    }
    std::vector<Assigned> live;
    for (const RunView& run : w.store->read()->runs({}).items) BOOST_REQUIRE(run.state == RunState::assigned);
    for (int i = 0; i < 4; ++i) {
        w.clock.advance(kSecond);
        BOOST_REQUIRE(w.turn().assigned.empty());
    }
    w.reopen();  // both are lost: both of their places go to runs that waited
    w.store->recover(
        w.fence, [](RunId, std::int64_t) { return LedgerEntry{.says = LedgerSays::started}; }, false);
    live = w.turn().assigned;
    BOOST_TEST(live.size() == 2U);
    BOOST_TEST(w.finish(live, RunState::succeeded, 10).assigned.size() == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_stopped_engine_books_nothing_and_what_was_due_meanwhile_is_late, Backend, Backends) {
    On<Backend> w;
    Definition def = w.every_second();
    def.misfire_grace = 2 * kSecond;
    def.coalesce = false;
    const JobKey key = w.put("job", def);
    w.write([](Tx& tx) { tx.settings().set_engine_state(EngineState::stopped); });
    w.clock.advance(10 * kSecond);
    w.turn();
    BOOST_TEST(w.runs_of(key).empty());
    w.write([](Tx& tx) { tx.settings().set_engine_state(EngineState::running); });
    w.turn();
    const auto runs = w.runs_of(key);
    BOOST_TEST(count(runs, RunState::missed, "misfire") == 1);
    BOOST_TEST(runs.back().fires == 7);
    BOOST_TEST(w.accounted(key) == 10);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_last_run_of_a_job_that_may_run_so_often_is_not_spent_on_a_skipped_fire, Backend,
                              Backends) {
    On<Backend> w;
    Definition def = w.every_second();
    def.max_runs = 2;
    const JobKey key = w.put("job", def);
    w.clock.advance(kSecond);
    const auto first = w.turn().assigned;
    w.clock.advance(3 * kSecond);
    w.turn();
    BOOST_TEST(count(w.runs_of(key), RunState::skipped, "overlap") == 1);
    BOOST_TEST(w.job(key).state.runs_left.value() == 1);
    w.finish(first);
    w.clock.advance(kSecond);
    BOOST_TEST(w.turn().assigned.size() == 1U);
    BOOST_TEST((w.job(key).state.status == JobStatus::finished));
    BOOST_TEST(w.accounted(key) == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_ready_run_of_higher_priority_starts_before_an_older_one, Backend, Backends) {
    On<Backend> w;
    const auto priority = [](int value) { return [value](Definition& def) { def.priority = value; }; };
    w.run_now(w.put_manual("low", priority(2)));
    w.clock.advance(kSecond);
    w.run_now(w.put_manual("late", priority(7)));
    w.clock.advance(kSecond);
    w.run_now(w.put_manual("later", priority(7)));
    for (const std::string id : {"late", "later", "low"}) BOOST_TEST(w.turn(1).assigned.at(0).job_id == id);
}
