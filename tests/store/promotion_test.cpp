// Whoever gives up an instance of a job lets a blocked run go, and only then one of those that are caught up on.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

template <class Backend>
struct Promoting : On<Backend> {
    using On<Backend>::turn;

    /// All that can start now does.
    std::vector<Assigned> start_all(int places = 1000) {
        std::vector<Assigned> started;
        for (bool more = true; more;) {
            auto out = turn(places);
            more = out.more;
            started.insert(started.end(), out.assigned.begin(), out.assigned.end());
        }
        return started;
    }
    /// Catches up on four fires: the first is under way, three are blocked behind it.
    JobKey put_catching_up(const std::function<void(Definition&)>& change = [](Definition&) {}) {
        Definition def = this->every_second();
        set_misfire(MisfirePolicy::all, def);
        def.max_instances = 3;
        change(def);
        const JobKey key = this->put("catching up", def);
        this->clock.advance(4 * kSecond);
        return key;
    }
    std::vector<RunId> blocked(JobKey key) {
        std::vector<RunId> found;
        for (const RunView& run : this->runs_of(key)) {
            if (run.state == RunState::blocked) found.push_back(run.id);
        }
        return found;
    }
    /// The server dies and judges what it left by what its ledger says.
    void restart(LedgerSays says) {
        this->reopen();
        this->store->recover(
            this->fence, [says](RunId, std::int64_t) { return LedgerEntry{.says = says}; }, false);
    }
    void edit(JobKey key, const std::function<void(Definition&)>& change) {
        const Job job = this->job(key);
        Definition def = job.definition;
        change(def);
        this->write([&](Tx& tx) { tx.put_job({job.state.id, def, {}, false, 1}, ExpectedRev::exact(job.state.rev)); });
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(promotion)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_by_hand_goes_when_the_ready_run_before_it_is_held_by_a_pause, Backend, Backends) {
    Promoting<Backend> w;
    const JobKey key = w.put("a");
    w.clock.advance(kSecond);
    w.turn(0);
    const RunId manual = w.run_now(key);
    BOOST_TEST(w.state(manual) == RunState::blocked);
    w.pause(key);
    BOOST_TEST(w.turn().assigned.at(0).run == manual);
    BOOST_TEST(w.turn().assigned.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_by_hand_goes_when_the_retry_before_it_is_held_by_a_pause, Backend, Backends) {
    Promoting<Backend> w;
    const JobKey key = w.put("a");
    w.clock.advance(kSecond);
    Finished end = World::ended(w.turn().assigned.at(0), RunState::failed);
    end.next = NextAttempt{w.clock.now() + 10 * kSecond, true};
    TurnIn in;
    in.finished.push_back(end);
    w.turn(in);
    const RunId manual = w.run_now(key);
    w.pause(key);
    BOOST_TEST(w.turn().assigned.empty());
    w.clock.advance(10 * kSecond);
    BOOST_TEST(w.turn().assigned.at(0).run == manual);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_by_hand_goes_when_the_run_before_it_comes_back_to_a_paused_job, Backend, Backends) {
    Promoting<Backend> w;
    const JobKey key = w.put("a");
    w.clock.advance(kSecond);
    const Assigned first = w.turn().assigned.at(0);
    const RunId manual = w.run_now(key);
    w.pause(key);
    TurnIn in;
    in.room.any = 4;
    in.given_back.push_back({first.run, first.claim});
    BOOST_TEST(w.turn(in).assigned.at(0).run == manual);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(as_many_queued_runs_go_as_ready_ones_came_too_late, Backend, Backends) {
    Promoting<Backend> w;
    Definition def = w.every_second();
    def.max_instances = 3;
    def.overlap = Overlap::queue;
    def.deadline = 5 * kSecond;
    def.misfire_grace.reset();
    w.put("a", def);
    for (int i = 0; i < 6; ++i) {
        w.clock.advance(kSecond);
        w.turn(0);
    }
    w.clock.advance(3 * kSecond + kSecond / 2);
    BOOST_TEST(w.start_all().size() == 3U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(runs_that_are_caught_up_on_stay_one_by_one_whatever_is_done_to_the_job, Backend,
                              Backends) {
    Promoting<Backend> w;
    const JobKey key = w.put_catching_up();
    const Assigned first = w.start_all().at(0);
    BOOST_REQUIRE(w.blocked(key).size() == 3U);
    w.stop(w.blocked(key).front());
    BOOST_TEST(w.start_all().empty());
    w.edit(key, [](Definition& def) { def.description = "of another kind"; });
    BOOST_TEST(w.start_all().empty());
    w.edit(key, [](Definition& def) { def.max_instances = 9; });
    BOOST_TEST(w.start_all().empty());
    w.pause(key);
    w.resume(key, w.job(key).definition);
    BOOST_TEST(w.start_all().empty());
    w.finish({first});
    BOOST_TEST(w.start_all().size() == 1U);
    BOOST_TEST(w.blocked(key).size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_that_a_pause_held_goes_on_alone_before_those_caught_up_on, Backend, Backends) {
    Promoting<Backend> w;
    const JobKey key = w.put_catching_up();
    w.turn(0);
    BOOST_REQUIRE(w.blocked(key).size() == 3U);
    w.pause(key);
    BOOST_TEST(w.blocked(key).size() == 4U);
    w.resume(key, w.job(key).definition);
    BOOST_TEST(w.start_all().size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(runs_that_replace_others_are_caught_up_on_one_by_one, Backend, Backends) {
    Promoting<Backend> w;
    Definition def = w.every_second();
    set_misfire(MisfirePolicy::all, def);
    def.max_instances = 3;
    def.overlap = Overlap::replace;
    w.put("a", def);
    for (int i = 0; i < 3; ++i) {
        w.clock.advance(kSecond);
        w.turn(0);
    }
    w.clock.advance(4 * kSecond);
    BOOST_TEST(w.start_all().size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_larger_limit_lets_queued_runs_and_runs_by_hand_go_at_once, Backend, Backends) {
    Promoting<Backend> w;
    Definition def = w.every_second();
    def.overlap = Overlap::queue;
    const JobKey queue = w.put("queue", def);
    for (int i = 0; i < 5; ++i) {
        w.clock.advance(kSecond);
        w.turn();
    }
    BOOST_REQUIRE(w.blocked(queue).size() == 4U);
    w.edit(queue, [](Definition& d) { d.max_instances = 3; });
    BOOST_TEST(w.start_all().size() == 2U);

    const JobKey by_hand = w.put_manual("by hand");
    for (int i = 0; i < 4; ++i) w.run_now(by_hand);
    BOOST_TEST(w.start_all().size() == 1U);
    w.edit(by_hand, [](Definition& d) { d.max_instances = 3; });
    BOOST_TEST(w.start_all().size() == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_lost_run_that_is_tried_again_lets_none_of_those_behind_it_go, Backend, Backends) {
    Promoting<Backend> w;
    const JobKey key =
        w.put_catching_up([](Definition& def) { def.retry = {.max_retries = 1, .delay = kSecond / 10}; });
    BOOST_REQUIRE(w.start_all().size() == 1U);
    w.restart(LedgerSays::started);
    BOOST_TEST(w.start_all().empty());
    BOOST_TEST(w.blocked(key).size() == 3U);
    w.clock.advance(kSecond / 2);
    BOOST_TEST(w.start_all().size() == 1U);
    w.restart(LedgerSays::started);
    BOOST_TEST(w.start_all().size() == 1U, "it had its retry: the next one goes");
    BOOST_TEST(w.blocked(key).size() == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_that_was_being_stopped_and_never_began_lets_the_next_one_go, Backend, Backends) {
    Promoting<Backend> w;
    const JobKey key = w.put_catching_up();
    const Assigned first = w.start_all().at(0);
    const RunId manual = w.run_now(key);
    BOOST_REQUIRE(w.start_all().at(0).run == manual);
    w.stop(first.run);
    w.restart(LedgerSays::not_started);
    BOOST_TEST(w.state(first.run) == RunState::stopped);
    BOOST_TEST(w.start_all().size() == 2U, "the run by hand again, and one of those caught up on");
    BOOST_TEST(w.blocked(key).size() == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_queue_goes_on_with_all_there_is_room_for_after_a_pause, Backend, Backends) {
    Promoting<Backend> w;
    Definition def = w.every_second();
    def.overlap = Overlap::queue;
    def.max_instances = 2;
    const JobKey key = w.put("a", def);
    std::vector<Assigned> started;
    for (int i = 0; i < 5; ++i) {
        w.clock.advance(kSecond);
        for (auto& run : w.turn().assigned) started.push_back(run);
    }
    w.pause(key);
    w.finish(started);
    BOOST_TEST(w.start_all().empty());
    w.resume(key, def);
    BOOST_TEST(w.start_all().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
