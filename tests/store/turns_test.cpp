#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <set>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

std::vector<RunState> states(const std::vector<RunView>& runs) {
    std::vector<RunState> all;
    for (const RunView& run : runs) all.push_back(run.state);
    return all;
}

int count(const std::vector<RunView>& runs, RunState state) {
    const auto all = states(runs);
    return static_cast<int>(std::count(all.begin(), all.end(), state));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(turns)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_due_job_is_claimed_started_and_finished, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a");
    const Micros first = w.clock.now() + kSecond;
    BOOST_TEST(w.turn().next_wake.value() == first);
    w.clock.advance(kSecond);
    const TurnOut out = w.turn();
    BOOST_REQUIRE(out.assigned.size() == 1U);
    const Assigned run = out.assigned.at(0);
    BOOST_TEST(run.job_id == "a");
    BOOST_TEST(run.nominal == first);
    BOOST_TEST(run.def->func.text() == "module:function");
    BOOST_TEST(out.next_wake.value() == first + kSecond);
    BOOST_TEST(w.state(run.run) == RunState::assigned);
    TurnIn in;
    in.started.push_back({run.run, run.claim, 77, first + 5});
    w.turn(in);
    BOOST_TEST(w.state(run.run) == RunState::running);
    BOOST_TEST(w.run(run.run).pid.value() == 77);
    in = {};
    in.finished.push_back(World::ended(run));
    in.finished.back().verdict.result = "{\"x\":1.0}";
    in.finished.back().module_version = "1.2";
    in.finished.back().output = {{Stream::out, 5, std::string("a\0b", 3)}, {Stream::err, 6, "\xFF"}};
    BOOST_TEST(w.turn(in).fenced_off.empty());
    const RunView end = w.run(run.run);
    BOOST_TEST(end.state == RunState::succeeded);
    BOOST_TEST(end.result.value() == "{\"x\":1.0}");
    BOOST_TEST(end.module_version == "1.2");
    BOOST_TEST(end.started.value() == first + 5);
    const auto output = w.store->read()->output(run.run);
    BOOST_REQUIRE(output.size() == 2U);
    BOOST_TEST(output.at(0).data == std::string("a\0b", 3));
    BOOST_TEST(output.at(1).data == "\xFF");
    BOOST_TEST(w.accounted(key) == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(results_of_any_size_come_back_whole, Backend, Backends) {
    On<Backend> w;
    for (const std::size_t size : {0UL, 1'023UL, 1'024UL, 1'025UL, 300'000UL}) {
        w.run_now(w.put_manual("a" + std::to_string(size)));
        const auto out = w.turn();
        TurnIn in;
        in.finished.push_back(World::ended(out.assigned.at(0)));
        const std::string text = size == 0 ? "null" : "\"" + std::string(size - 2, 'x') + "\"";
        in.finished.back().verdict.result = text;
        w.turn(in);
        BOOST_TEST((w.run(out.assigned.at(0).run).result == text));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_finish_is_refused_the_second_time_and_with_a_wrong_claim, Backend, Backends) {
    On<Backend> w;
    w.run_now(w.put_manual("a"));
    const auto out = w.turn();
    Assigned wrong = out.assigned.at(0);
    ++wrong.claim;
    BOOST_TEST(w.finish({wrong}).fenced_off.size() == 1U);
    BOOST_TEST(w.state(wrong.run) == RunState::assigned);
    BOOST_TEST(w.finish(out.assigned).fenced_off.empty());
    BOOST_TEST(w.finish(out.assigned, RunState::failed).fenced_off.size() == 1U);
    BOOST_TEST(w.state(wrong.run) == RunState::succeeded);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_stale_fence_changes_nothing, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a");
    w.run_now(key);
    const auto out = w.turn();
    const Fence old = w.fence;
    w.fence = w.store->join({"node", "boot"});
    w.clock.advance(5 * kSecond);
    TurnIn in;
    in.room.any = 10;
    in.finished.push_back(World::ended(out.assigned.at(0)));
    const TurnOut refused = w.store->turn(old, in, w.planner);
    BOOST_TEST(refused.fenced_off.size() == 1U);
    BOOST_TEST(refused.assigned.empty());
    BOOST_TEST(w.accounted(key) == 0);
    BOOST_TEST(w.state(out.assigned.at(0).run) == RunState::assigned);
    BOOST_CHECK_THROW(w.store->recover(
                          old, [](RunId, std::int64_t) { return LedgerEntry{}; }, false),
                      Refused);
    BOOST_TEST(w.finish(out.assigned).fenced_off.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(each_claim_number_leaves_the_store_once, Backend, Backends) {
    On<Backend> w;
    for (int i = 0; i < 20; ++i) w.put("job" + std::to_string(i));
    std::set<std::int64_t> claims;
    for (int round = 0; round < 20; ++round) {
        w.clock.advance(kSecond);
        const auto out = w.turn();
        for (const Assigned& run : out.assigned) BOOST_TEST(claims.insert(run.claim).second);
        TurnIn in;
        for (std::size_t i = 0; i < out.assigned.size(); ++i) {
            const Assigned& run = out.assigned[i];
            if (i % 2 == 0)
                in.finished.push_back(World::ended(run));
            else
                in.given_back.push_back({run.run, run.claim});
        }
        w.turn(in);
        if (round == 10) w.clock.set_wall(w.clock.now() - 3600 * kSecond);
        if (round == 12) w.reopen();
    }
    BOOST_TEST(claims.size() > 200U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_given_back_starts_again_with_the_same_attempt, Backend, Backends) {
    On<Backend> w;
    w.run_now(w.put_manual("a"));
    const Assigned first = w.turn().assigned.at(0);
    TurnIn in;
    in.given_back.push_back({first.run, first.claim});
    w.turn(in);
    BOOST_TEST(w.state(first.run) == RunState::ready);
    const Assigned second = w.turn().assigned.at(0);
    BOOST_TEST(second.run == first.run);
    BOOST_TEST(second.attempt == 1);
    BOOST_TEST(second.claim > first.claim);
    BOOST_TEST(w.finish({first}).fenced_off.size() == 1U);
    BOOST_TEST(w.finish({second}).fenced_off.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_given_back_while_it_stops_or_after_its_job_went_is_over, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a", [](Definition& def) { def.max_instances = 2; });
    w.run_now(key);
    w.run_now(key);
    const RunId next = w.run_now(key);
    const auto out = w.turn();
    BOOST_TEST(w.state(next) == RunState::blocked);
    w.stop(out.assigned.at(0).run);
    TurnIn in;
    in.given_back.push_back({out.assigned.at(0).run, out.assigned.at(0).claim});
    w.turn(in);
    BOOST_TEST(w.state(out.assigned.at(0).run) == RunState::stopped);
    BOOST_TEST(w.run(out.assigned.at(0).run).reason == "stopped");
    BOOST_TEST(w.state(next) == RunState::ready);
    w.write([&](Tx& tx) { tx.remove(key); });
    in.given_back = {{out.assigned.at(1).run, out.assigned.at(1).claim}};
    w.turn(in);
    BOOST_TEST(w.run(out.assigned.at(1).run).reason == "deleted");
    BOOST_TEST(w.state(next) == RunState::stopped);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_retry_is_a_linked_row_that_waits_and_counts_as_an_instance, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a");
    const RunId first = w.run_now(key, {"[7]", "{}", {}});
    const RunId queued = w.run_now(key);
    TurnIn in;
    in.finished.push_back(World::ended(w.turn().assigned.at(0), RunState::failed));
    in.finished.back().next = NextAttempt{w.clock.now() + 10 * kSecond, true};
    const TurnOut out = w.turn(in);
    BOOST_TEST(out.next_wake.value() == w.clock.now() + 10 * kSecond);
    const auto runs = w.runs_of(key);
    const auto retry =
        std::find_if(runs.begin(), runs.end(), [](const RunView& run) { return run.origin == Origin::retry; });
    BOOST_REQUIRE((retry != runs.end()));
    BOOST_TEST(retry->state == RunState::waiting);
    BOOST_TEST(retry->attempt == 2);
    BOOST_TEST(retry->parent.value() == first);
    BOOST_TEST(retry->fires == 0);
    BOOST_TEST(retry->nominal == w.run(first).nominal);
    BOOST_TEST(w.state(queued) == RunState::blocked);
    BOOST_TEST(w.turn().assigned.empty());
    w.clock.advance(10 * kSecond);
    const auto again = w.turn().assigned;
    BOOST_REQUIRE(again.size() == 1U);
    BOOST_TEST(again.at(0).run == retry->id);
    BOOST_TEST(again.at(0).attempt == 2);
    BOOST_TEST(again.at(0).args.value() == "[7]");
    w.finish(again);
    BOOST_TEST(w.state(queued) == RunState::ready);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_attempt_that_does_not_count_keeps_its_number_and_a_deleted_job_has_none, Backend,
                              Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a");
    w.run_now(key);
    TurnIn in;
    in.room.any = 1;
    in.finished.push_back(World::ended(w.turn().assigned.at(0), RunState::stopped));
    in.finished.back().next = NextAttempt{w.clock.now(), false};
    const auto again = w.turn(in).assigned;
    BOOST_TEST(again.at(0).attempt == 1);
    w.write([&](Tx& tx) { tx.remove(key); });
    in.finished = {World::ended(again.at(0), RunState::failed)};
    in.finished.back().next = NextAttempt{w.clock.now(), true};
    BOOST_TEST(w.turn(in).assigned.empty());
    BOOST_TEST(w.runs_of(key).size() == 2U);
    BOOST_TEST(w.state(again.at(0).run) == RunState::failed);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_end_promotes_one_blocked_run_the_oldest_first, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a");
    std::vector<RunId> ids;
    for (int i = 0; i < 4; ++i) {
        ids.push_back(w.run_now(key));
        w.clock.advance(1000);
    }
    auto out = w.turn();
    for (const RunId id : ids) {
        BOOST_REQUIRE(out.assigned.size() == 1U);
        BOOST_TEST(out.assigned.at(0).run == id);
        out = w.finish(out.assigned, RunState::succeeded, 10);
    }
    BOOST_TEST(out.assigned.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(places_are_never_overbooked_and_priority_goes_first, Backend, Backends) {
    On<Backend> w;
    std::vector<JobKey> keys;
    for (int i = 0; i < 10; ++i) {
        Definition def = w.every_second();
        def.priority = i;
        keys.push_back(w.put("job" + std::to_string(i), def));
    }
    w.clock.advance(kSecond);
    std::vector<std::string> order;
    for (int i = 0; i < 5; ++i) {
        const auto out = w.turn(2);
        BOOST_TEST(out.assigned.size() == 2U);
        for (const Assigned& run : out.assigned) order.push_back(run.job_id);
    }
    const std::vector<std::string> wanted{"job9", "job8", "job7", "job6", "job5",
                                          "job4", "job3", "job2", "job1", "job0"};
    BOOST_TEST(order == wanted, boost::test_tools::per_element());
    BOOST_TEST(w.turn(2).assigned.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_flooded_lane_does_not_starve_the_others, Backend, Backends) {
    On<Backend> w;
    for (int i = 0; i < 100; ++i) w.run_now(w.put_manual("flood" + std::to_string(i)));
    for (int i = 0; i < 3; ++i) {
        w.run_now(w.put_manual("other" + std::to_string(i),
                               [&](Definition& def) { def.func.module = "m" + std::to_string(i); }));
    }
    std::set<std::string> others;
    for (int i = 0; i < 4; ++i) {
        for (const Assigned& run : w.turn(1).assigned) others.insert(run.job_id.substr(0, 5));
        for (const Assigned& run : w.turn(1).assigned) others.insert(run.job_id);
    }
    BOOST_TEST(others.contains("other0") + others.contains("other1") + others.contains("other2") >= 1);
    int left = 0;
    for (int i = 0; i < 3; ++i)
        left += count(w.runs_of(w.store->read()->job("other" + std::to_string(i))->state.key), RunState::ready);
    BOOST_TEST(left == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_lane_uses_its_own_places_first_and_nobody_elses, Backend, Backends) {
    On<Backend> w;
    const auto module = [](const std::string& name) { return [name](Definition& def) { def.func.module = name; }; };
    for (int i = 0; i < 5; ++i) {
        w.run_now(w.put_manual("a" + std::to_string(i), module("a")));
        w.run_now(w.put_manual("b" + std::to_string(i), module("b")));
    }
    TurnIn in;
    in.room.lanes = {{lane_of("a"), 2}, {lane_of("c"), 5}};
    auto out = w.turn(in);
    BOOST_TEST(out.assigned.size() == 2U);
    for (const Assigned& run : out.assigned) BOOST_TEST(run.lane == lane_of("a"));
    in.room.lanes = {{lane_of("a"), 1}};
    in.room.any = 2;
    out = w.turn(in);
    BOOST_TEST(out.assigned.size() == 3U);
    BOOST_TEST(std::count_if(out.assigned.begin(), out.assigned.end(),
                             [](const Assigned& r) { return r.lane == lane_of("b"); }) == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(more_says_that_due_jobs_were_left, Backend, Backends) {
    On<Backend> w;
    for (int i = 0; i < 5; ++i) w.put("job" + std::to_string(i));
    w.clock.advance(kSecond);
    TurnIn in;
    in.room.any = 10;
    in.max_jobs = 3;
    TurnOut out = w.turn(in);
    BOOST_TEST(out.assigned.size() == 3U);
    BOOST_TEST(out.more);
    out = w.turn(in);
    BOOST_TEST(out.assigned.size() == 2U);
    BOOST_TEST(!out.more);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_planner_that_throws_breaks_its_own_job_only, Backend, Backends) {
    On<Backend> w;
    const JobKey bad = w.put("bad"), good = w.put("good");
    w.clock.advance(kSecond);
    w.planner = [](const DueJob& due, Micros now, Micros awake) {
        if (due.job.id == "bad") throw std::runtime_error("no such month");
        return plan(due, now, awake);
    };
    BOOST_TEST(w.turn().assigned.size() == 1U);
    BOOST_TEST(w.job(bad).state.status == JobStatus::broken);
    BOOST_TEST(!w.job(bad).state.next_fire.has_value());
    BOOST_TEST(states(w.runs_of(bad)) == std::vector<RunState>{RunState::error}, boost::test_tools::per_element());
    BOOST_TEST(w.job(good).state.status == JobStatus::active);
    w.clock.advance(kSecond);
    BOOST_TEST(!w.turn().more);
    BOOST_TEST(w.runs_of(bad).size() == 1U);
    const Definition def = w.job(bad).definition;
    w.put("bad", def);
    BOOST_TEST(w.job(bad).state.status == JobStatus::active);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_plan_that_accounts_for_a_fire_twice_is_not_booked, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a");
    w.clock.advance(kSecond);
    w.planner = [](const DueJob& due, Micros now, Micros awake) {
        FirePlan twice = plan(due, now, awake);
        twice.rows.push_back(twice.rows.front());
        return twice;
    };
    BOOST_TEST(w.turn().assigned.empty());
    BOOST_TEST(w.job(key).state.status == JobStatus::broken);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_finished_job_vanishes_and_its_name_is_free, Backend, Backends) {
    On<Backend> w;
    Definition once = w.every_second();
    once.trigger = trigger::Date{w.clock.now() + kSecond, 0};
    const JobKey key = w.put("a", once);
    w.clock.advance(kSecond);
    BOOST_TEST(w.turn().assigned.size() == 1U);
    BOOST_TEST(w.store->read()->jobs({}).items.empty());
    BOOST_TEST(!w.store->read()->job("a").has_value());
    BOOST_TEST(w.job(key).state.status == JobStatus::finished);
    once.trigger = trigger::Date{w.clock.now() + kSecond, 0};
    BOOST_TEST((w.put("a", once) != key));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_stuck_job_gets_one_growing_skip_row, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a");
    w.clock.advance(kSecond);
    const auto first = w.turn().assigned;
    for (int i = 0; i < 20; ++i) {
        w.clock.advance(kSecond);
        w.turn();
    }
    BOOST_TEST(w.runs_of(key).size() == 2U);
    BOOST_TEST(w.accounted(key) == 21);
    const RunView skip = w.runs_of(key).at(0);
    BOOST_TEST(skip.state == RunState::skipped);
    BOOST_TEST(skip.fires == 20);
    BOOST_TEST(w.store->read()->row_covering(key, skip.nominal - 5 * kSecond)->id == skip.id);
    w.finish(first);
    w.clock.advance(kSecond);
    const auto second = w.turn().assigned;
    w.clock.advance(kSecond);
    w.turn();
    BOOST_TEST(w.runs_of(key).size() == 4U);
    BOOST_TEST(w.runs_of(key).at(0).fires == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(replace_stops_what_runs_skips_what_waits_and_queues_the_new_run, Backend, Backends) {
    On<Backend> w;
    Definition def = w.every_second();
    def.overlap = Overlap::replace;
    const JobKey key = w.put("a", def);
    w.clock.advance(kSecond);
    const auto first = w.turn().assigned;
    w.clock.advance(kSecond);
    TurnOut out = w.turn();
    BOOST_REQUIRE(out.stops.size() == 1U);
    BOOST_TEST(out.stops.at(0).run == first.at(0).run);
    BOOST_TEST((out.stops.at(0).why == StopWhy::replaced));
    BOOST_TEST(w.state(first.at(0).run) == RunState::stopping);
    BOOST_TEST(out.assigned.empty());
    w.clock.advance(kSecond);
    out = w.turn();
    BOOST_TEST(out.stops.empty());
    BOOST_TEST(count(w.runs_of(key), RunState::skipped) == 1);
    const auto second = w.finish(first, RunState::stopped, 1).assigned;
    BOOST_REQUIRE(second.size() == 1U);
    BOOST_TEST(second.at(0).nominal == w.clock.now());
    BOOST_TEST(w.accounted(key) == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(while_the_engine_is_paused_only_runs_by_hand_start, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a");
    const RunId manual = w.run_now(w.put_manual("b"));
    w.clock.advance(kSecond);
    BOOST_TEST(w.turn(0).assigned.empty());
    w.write([](Tx& tx) { tx.settings().set_engine_state(EngineState::paused); });
    BOOST_TEST((w.store->read()->engine_state() == EngineState::paused));
    w.clock.advance(10 * kSecond);
    const TurnOut out = w.turn();
    BOOST_REQUIRE(out.assigned.size() == 1U);
    BOOST_TEST(out.assigned.at(0).run == manual);
    BOOST_TEST(!out.next_wake.has_value());
    BOOST_TEST(w.accounted(key) == 1);
    w.reopen();
    BOOST_TEST((w.store->read()->engine_state() == EngineState::paused));
    w.write([](Tx& tx) { tx.settings().set_engine_state(EngineState::running); });
    BOOST_TEST(w.turn().assigned.size() == 1U);
    BOOST_TEST(w.accounted(key) == 11);
}

/// Pauses, edits, hand-made runs and ends at random: in the end each fire is in history once.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_sum_of_fires_is_the_number_of_nominals, Backend, Backends) {
    On<Backend> w;
    std::mt19937 random(20'261'121);
    const auto chance = [&](int percent) { return static_cast<int>(random() % 100) < percent; };
    std::vector<JobKey> keys;
    std::vector<std::int64_t> before(6, 0);  // nominals of earlier stretches
    for (int i = 0; i < 6; ++i) {
        Definition def = w.every_second();
        def.coalesce = i % 2 == 0;
        def.overlap = static_cast<Overlap>(i % 3);
        def.misfire_grace = i == 5 ? std::optional(2 * kSecond) : std::nullopt;
        keys.push_back(w.put("job" + std::to_string(i), def));
    }
    const auto nominals = [&](std::size_t i) {
        const Job job = w.job(keys[i]);
        return trigger::fires_between(job.definition.trigger, job.state.anchor, job.state.cursor).count;
    };
    std::vector<Assigned> running;
    for (int step = 0; step < 400; ++step) {
        w.clock.advance(static_cast<Micros>(random() % 2'500) * kMillisecond);
        TurnIn in;
        in.room.any = static_cast<int>(random() % 4);
        std::vector<Assigned> still;
        for (const Assigned& run : running) {
            if (chance(40))
                in.finished.push_back(World::ended(run));
            else
                still.push_back(run);
        }
        if (chance(90)) {
            const TurnOut out = w.turn(in);
            running = still;
            running.insert(running.end(), out.assigned.begin(), out.assigned.end());
        }
        const std::size_t i = random() % keys.size();
        const Job job = w.job(keys[i]);
        if (chance(10)) {
            w.pause(keys[i]);
        } else if (chance(15) && job.state.status == JobStatus::paused) {
            w.write([&](Tx& tx) { tx.settle(keys[i], World::planned(Occasion::resume)); });
            before[i] += nominals(i);
            w.write([&](Tx& tx) { tx.resume(keys[i], arm(job.definition.trigger, w.clock.now())); });
        } else if (chance(10)) {
            w.write([&](Tx& tx) { tx.settle(keys[i], World::planned(Occasion::edit)); });
            before[i] += nominals(i);
            Definition def = job.definition;
            def.trigger =
                trigger::Interval{(1 + static_cast<Micros>(random() % 3)) * kSecond, w.clock.now() + 1, {}, 0};
            w.put(job.state.id, def);
        } else if (chance(10)) {
            w.run_now(keys[i]);
        }
        if (step % 100 == 99) w.reopen();
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
        w.write([&](Tx& tx) { tx.settle(keys[i], World::planned(Occasion::edit)); });
        BOOST_TEST(w.accounted(keys[i]) == before[i] + nominals(i),
                   "job " << i << ": " << w.accounted(keys[i]) << " of " << before[i] + nominals(i));
        BOOST_TEST(w.accounted(keys[i]) > 50);
        BOOST_TEST((w.job(keys[i]).state.status != JobStatus::broken));
    }
}

BOOST_AUTO_TEST_SUITE_END()
