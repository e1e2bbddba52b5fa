// Fires that wait for their jitter: in nobody's way, and judged like any other when nobody was there.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

constexpr Micros kMinute = 60 * kSecond;

template <class Backend>
struct Jittering : On<Backend> {
    Definition hourly(Micros jitter) const {
        Definition def = this->every_second();
        def.trigger = trigger::Interval{.every = 60 * kMinute, .start = this->clock.now() + kMinute, .end = {}};
        def.jitter = jitter;
        return def;
    }
    /// A job whose fire waits for its jitter, for more than `least`.
    RunView put_waiting(const std::function<void(Definition&)>& change = [](Definition&) {}) {
        Definition def = hourly(50 * kMinute);
        change(def);
        const JobKey key = this->put("job", def);
        this->clock.advance(kMinute);
        this->turn();
        const RunView run = this->runs_of(key).at(0);
        BOOST_TEST_REQUIRE(run.state == RunState::waiting);
        BOOST_TEST_REQUIRE(run.due > this->clock.now());
        return run;
    }
    /// The server is down from now until so long after the run was due.
    void be_away_until(Micros after_due, const RunView& run) {
        this->clock.advance(run.due - this->clock.now() + after_due);
        this->reopen();
        TurnIn in;
        in.awake = true;
        in.room.any = 10;
        this->turn(in);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(jittered_fires)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_by_hand_does_not_wait_for_one_that_waits_for_its_jitter, Backend, Backends) {
    Jittering<Backend> world;
    const RunView waiting = world.put_waiting();
    const RunId by_hand = world.run_now(waiting.job);
    BOOST_TEST(world.state(by_hand) == RunState::ready);
    const auto started = world.turn().assigned;
    BOOST_TEST_REQUIRE(started.size() == 1U);
    world.clock.advance(waiting.due - world.clock.now());
    world.turn();
    BOOST_TEST(world.state(waiting.id) == RunState::blocked);  // now that one goes on
    world.finish(started);
    world.turn();
    BOOST_TEST(world.state(waiting.id) == RunState::assigned);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_that_came_due_while_nobody_could_claim_it_is_judged_by_grace_and_policy, Backend,
                              Backends) {
    struct Case {
        Micros away;
        std::function<void(Definition&)> change;
        RunState then;
    };
    const std::vector<Case> cases{
        {kSecond, [](Definition& def) { def.misfire_grace = 10 * kSecond; }, RunState::assigned},
        {11 * kSecond, [](Definition& def) { def.misfire_grace = 10 * kSecond; }, RunState::missed},
        {11 * kSecond, [](Definition& def) { def.misfire_grace.reset(); }, RunState::assigned},
        {kSecond, [](Definition& def) { set_misfire(MisfirePolicy::skip, def); }, RunState::missed},
    };
    for (const Case& one : cases) {
        Jittering<Backend> world;
        const RunView waiting = world.put_waiting([&](Definition& def) {
            one.change(def);
            def.max_runs = 5;
        });
        world.be_away_until(one.away, waiting);
        const auto left = world.job(waiting.job).state.runs_left;
        BOOST_TEST(left.value() == (one.then == RunState::missed ? 5 : 4));  // what was missed is no run
        BOOST_TEST(world.state(waiting.id) == one.then);
        BOOST_TEST(world.accounted(waiting.job) == 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
