#include "world.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

template <class Backend>
struct Dated : On<Backend> {
    /// Fires once, in a second.
    JobKey put_dated(const std::string& id, Micros deadline, const std::function<void(Definition&)>& change = {}) {
        Definition def = this->every_second();
        def.trigger = trigger::Date{this->clock.now() + kSecond, 0};
        def.deadline = deadline;
        if (change) change(def);
        return this->put(id, def);
    }
    TurnOut fail_with_retry(const Assigned& run, Micros due) {
        TurnIn in;
        in.finished.push_back(this->ended(run, RunState::failed));
        in.finished.at(0).next = NextAttempt{due, true};
        return this->turn(in);
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_knows_its_deadline_from_its_due_time, Backend, Backends) {
    Dated<Backend> w;
    w.put_dated("job", 10 * kSecond);
    w.put_dated("none", 0);
    const Micros due = w.clock.now() + kSecond;
    w.clock.advance(3 * kSecond);
    for (const Assigned& run : w.turn().assigned) {
        BOOST_TEST(run.deadline == (run.job_id == "job" ? due + 10 * kSecond : 0));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_that_waited_beyond_its_deadline_ends_without_having_started, Backend, Backends) {
    Dated<Backend> w;
    const JobKey key = w.put_dated("job", 10 * kSecond);
    w.clock.advance(kSecond);
    BOOST_TEST(w.turn(0).assigned.empty());
    w.clock.advance(10 * kSecond);
    const auto out = w.turn();
    BOOST_TEST(out.assigned.empty());
    BOOST_TEST(out.more);  // the place it would have had
    const RunView run = w.runs_of(key).at(0);
    BOOST_TEST(run.state == RunState::timeout);
    BOOST_TEST(run.reason == "deadline");
    BOOST_TEST(run.ended.value() == w.clock.now());
    BOOST_TEST(!run.started);
    BOOST_TEST(w.accounted(key) == 1);
    BOOST_TEST(!w.turn().more);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_fire_claimed_beyond_its_deadline_ends_at_once_and_lets_its_siblings_go, Backend,
                              Backends) {
    Dated<Backend> w;
    Definition def = w.every_second();
    def.coalesce = false;
    def.deadline = 2 * kSecond;
    const JobKey key = w.put("job", def);
    w.clock.advance(4 * kSecond);
    w.turn();
    std::vector<Assigned> ran;
    for (int i = 0; i < 10; ++i) {
        const auto out = w.turn();
        ran.insert(ran.end(), out.assigned.begin(), out.assigned.end());
        w.finish(out.assigned);
    }
    BOOST_TEST(w.accounted(key) == 4);
    int too_late = 0;
    for (const RunView& run : w.runs_of(key)) too_late += run.reason == "deadline" ? 1 : 0;
    BOOST_TEST(too_late == 2);
    BOOST_TEST(ran.size() == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_retry_has_the_deadline_of_its_first_attempt, Backend, Backends) {
    Dated<Backend> w;
    const JobKey key = w.put_dated("job", 10 * kSecond);
    const Micros due = w.clock.now() + kSecond;
    w.clock.advance(kSecond);
    Assigned run = w.turn().assigned.at(0);
    for (int i = 0; i < 2; ++i) {
        w.fail_with_retry(run, w.clock.now() + kSecond);
        w.clock.advance(kSecond);
        run = w.turn().assigned.at(0);
        BOOST_TEST(run.deadline == due + 10 * kSecond);
    }
    w.fail_with_retry(run, w.clock.now() + kSecond);
    w.clock.advance(20 * kSecond);
    BOOST_TEST(w.turn().assigned.empty());
    const auto runs = w.runs_of(key);
    BOOST_TEST(runs.size() == 4U);
    for (const RunView& each : runs) BOOST_TEST(each.since == due);
    BOOST_TEST(runs.at(0).reason == "deadline");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_by_hand_counts_from_when_it_was_asked_for_also_as_a_repetition, Backend, Backends) {
    Dated<Backend> w;
    const JobKey key = w.put_dated("job", 10 * kSecond, [](Definition& def) { def.trigger = trigger::None{}; });
    w.run_now(key);
    const Assigned first = w.turn().assigned.at(0);
    BOOST_TEST(first.deadline == w.clock.now() + 10 * kSecond);
    w.finish({first}, RunState::failed);
    w.clock.advance(3600 * kSecond);
    ManualRun again;
    again.retry_of = first.run;
    w.run_now(key, again);
    const Micros asked = w.clock.now();
    const Assigned second = w.turn().assigned.at(0);
    BOOST_TEST(second.deadline == asked + 10 * kSecond);
    w.fail_with_retry(second, w.clock.now() + kSecond);
    w.clock.advance(kSecond);
    BOOST_TEST(w.turn().assigned.at(0).deadline == asked + 10 * kSecond);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(recovery_plans_no_retry_beyond_the_deadline, Backend, Backends) {
    for (const Micros deadline : {20 * kSecond, 100 * kSecond}) {
        Dated<Backend> w;
        const JobKey key = w.put_dated("job", deadline, [](Definition& def) {
            def.retry = {.max_retries = 3, .delay = 30 * kSecond, .factor = 1, .max_delay = 60 * kSecond};
        });
        w.clock.advance(kSecond);
        BOOST_REQUIRE(w.turn().assigned.size() == 1U);
        w.reopen();
        w.store->recover(
            w.fence, [](RunId, std::int64_t) { return LedgerEntry{.says = LedgerSays::started}; }, false);
        BOOST_TEST(w.runs_of(key).size() == (deadline == 20 * kSecond ? 1U : 2U));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_definition_keeps_tags_and_deadline_through_a_restart, Backend, Backends) {
    Dated<Backend> w;
    const JobKey key = w.put_dated("job", 7 * kSecond, [](Definition& def) { def.tags = {"a", "b"}; });
    w.reopen();
    BOOST_TEST(w.job(key).definition.deadline == 7 * kSecond);
    BOOST_TEST(w.job(key).definition.tags == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
}
