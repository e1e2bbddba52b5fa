#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

Refused::Why refusal(const std::function<void()>& act) {
    try {
        act();
    } catch (const Refused& error) {
        return error.why;
    }
    throw std::runtime_error("not refused");
}

LedgerLookup says(LedgerSays what, Outcome outcome = Outcome::ok) {
    return [=](RunId, std::int64_t) { return LedgerEntry{what, outcome, 5, 6}; };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runs)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_by_hand_has_its_own_arguments_and_accounts_for_no_fire, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a");
    const RunId id = w.run_now(key, {"[1]", "{\"k\":2}", {}});
    BOOST_TEST(w.state(id) == RunState::ready);
    const Assigned run = w.turn().assigned.at(0);
    BOOST_TEST(run.args.value() == "[1]");
    BOOST_TEST(run.kwargs.value() == "{\"k\":2}");
    BOOST_TEST((run.origin == Origin::manual));
    BOOST_TEST(w.accounted(key) == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_by_hand_at_the_very_instant_of_a_fire_does_not_take_its_place, Backend, Backends) {
    On<Backend> w;
    Definition def = w.every_second();
    def.max_instances = 5;
    const JobKey key = w.put("a", def);
    w.clock.advance(kSecond);
    w.run_now(key);
    w.run_now(key);
    BOOST_TEST(w.turn().assigned.size() == 3U);
    BOOST_TEST(w.accounted(key) == 1);
    w.run_now(key);
    BOOST_TEST((w.job(key).state.status == JobStatus::active));
    BOOST_TEST(w.runs_of(key).size() == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(progress_is_kept_while_a_run_is_with_a_worker_and_its_last_word_after_it, Backend,
                              Backends) {
    On<Backend> w;
    const RunId id = w.run_now(w.put_manual("a"));
    const Assigned run = w.turn().assigned.at(0);
    BOOST_TEST(!w.run(id).progress);
    const auto tell = [&](std::int64_t claim, const Progress& progress, std::vector<Finished> finished = {}) {
        TurnIn in;
        in.progressed[id] = {claim, progress};
        in.finished = std::move(finished);
        w.turn(in);
    };
    tell(run.claim, {0.25, "a quarter"});
    BOOST_TEST((w.run(id).progress == Progress{0.25, "a quarter"}));
    tell(run.claim + 1, {0.5, "of another claim"});
    BOOST_TEST((w.run(id).progress == Progress{0.25, "a quarter"}));
    Finished end = w.ended(run, RunState::failed);
    end.progress = Progress{std::nullopt, ""};
    tell(run.claim, {0.75, "on its way"}, {end});
    BOOST_TEST((w.run(id).progress == Progress{std::nullopt, ""}));
    BOOST_TEST(w.state(id) == RunState::failed);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_ended_run_is_tried_again_once_by_a_linked_run, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a");
    const RunId manual = w.run_now(key, {"[7]", {}, {}});
    BOOST_TEST(refusal([&] { w.run_now(key, {{}, {}, manual}); }) == Refused::Why::conflict);
    w.finish(w.turn().assigned, RunState::failed);
    w.clock.advance(10);
    const RunId again = w.run_now(key, {{}, {}, manual});
    const RunView view = w.run(again);
    BOOST_TEST(view.attempt == 2);
    BOOST_TEST((view.parent == manual));
    BOOST_TEST(view.nominal == w.run(manual).nominal);
    BOOST_TEST(view.fires == 0);
    BOOST_TEST(view.args.value() == "[7]");
    BOOST_TEST(refusal([&] { w.run_now(key, {{}, {}, manual}); }) == Refused::Why::conflict);
    w.finish(w.turn().assigned);
    BOOST_TEST(refusal([&] { w.run_now(key, {{}, {}, manual}); }) == Refused::Why::conflict);
    BOOST_TEST(refusal([&] { w.run_now(key, {{}, {}, again}); }) == Refused::Why::conflict);  // it succeeded
    BOOST_TEST(refusal([&] { w.run_now(key, {{}, {}, RunId{1}}); }) == Refused::Why::missing);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_retry_that_waits_is_brought_forward_and_not_doubled, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a");
    const RunId first = w.run_now(key);
    store::TurnIn in;
    in.finished.push_back(w.ended(w.turn().assigned.at(0), RunState::failed));
    in.finished.back().next = NextAttempt{w.clock.now() + 3600 * kSecond, true};
    w.turn(in);
    BOOST_REQUIRE(w.runs_of(key).size() == 2U);
    const RunId waiting = w.runs_of(key).at(0).id;
    BOOST_TEST(w.state(waiting) == RunState::waiting);
    w.pause(key);  // what was asked for by hand goes on
    w.clock.advance(kSecond);
    BOOST_TEST((w.run_now(key, {{}, {}, first}) == waiting));
    BOOST_TEST(w.state(waiting) == RunState::ready);
    BOOST_TEST(w.run(waiting).due == w.clock.now());
    BOOST_TEST(w.runs_of(key).size() == 2U);
    BOOST_TEST((w.turn().assigned.at(0).run == waiting));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_retry_brought_forward_queues_behind_a_full_job, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a", [](Definition& def) { def.max_instances = 2; });
    const RunId first = w.run_now(key);
    store::TurnIn in;
    in.finished.push_back(w.ended(w.turn().assigned.at(0), RunState::failed));
    in.finished.back().next = NextAttempt{w.clock.now() + 3600 * kSecond, true};
    w.turn(in);
    w.put_manual("a");  // only one at a time from now on
    w.run_now(key);     // blocked behind the retry
    BOOST_TEST(w.store->read()->live_runs(key, 10).size() == 2U);
    const RunId retry = w.run_now(key, {{}, {}, first});
    BOOST_TEST(w.state(retry) == RunState::ready);
    BOOST_TEST((w.store->read()->live_runs(key, 1).at(0).id == retry));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_job_is_found_by_its_id_after_its_end_too, Backend, Backends) {
    On<Backend> w;
    BOOST_TEST(!w.store->read()->latest_job("a").has_value());
    const JobKey first = w.put("a");
    BOOST_TEST((w.store->read()->latest_job("a")->job.state.key == first));
    BOOST_TEST(!w.store->read()->latest_job("a")->gone_at.has_value());
    w.write([&](store::Tx& tx) { tx.remove(first); });
    const auto gone = w.store->read()->latest_job("a").value();
    BOOST_TEST(gone.job.state.status == JobStatus::deleted);
    BOOST_TEST(gone.gone_at.value() == w.clock.now());
    BOOST_TEST(gone.fires_pruned == 0);
    w.clock.advance(kSecond);
    const JobKey second = w.put("a");
    BOOST_TEST((w.store->read()->latest_job("a")->job.state.key == second));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_last_row_and_the_rows_of_an_instant_are_found, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a");
    BOOST_TEST(!w.store->read()->last_row(key).has_value());
    w.clock.advance(kSecond);
    const auto fire = w.turn().assigned;
    const Micros nominal = fire.at(0).nominal;
    w.finish(fire, RunState::failed);
    w.run_now(key, {{}, {}, fire.at(0).run});
    w.clock.advance(10);
    w.run_now(key);
    BOOST_TEST((w.store->read()->last_row(key)->id == fire.at(0).run));
    const auto rows = w.store->read()->rows_at(key, nominal);
    BOOST_REQUIRE(rows.size() == 2U);
    BOOST_TEST((rows.at(0).id == fire.at(0).run));
    BOOST_TEST((rows.at(1).parent == fire.at(0).run));
    BOOST_TEST(w.store->read()->rows_at(key, nominal + 1).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_by_hand_queues_behind_a_full_job_up_to_a_thousand, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a");
    BOOST_TEST(w.state(w.run_now(key)) == RunState::ready);
    BOOST_TEST(w.state(w.run_now(key)) == RunState::blocked);
    w.write([&](Tx& tx) {
        for (int i = 2; i < 1000; ++i) tx.run_now(key, {});
    });
    BOOST_TEST((refusal([&] { w.run_now(key); }) == Refused::Why::queue_full));
    w.finish(w.turn().assigned);
    BOOST_CHECK_NO_THROW(w.run_now(key));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_failed_run_can_be_tried_again_by_hand_as_its_next_attempt, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a");
    const RunId first = w.run_now(key, {"[1]", {}, {}});
    w.finish(w.turn().assigned, RunState::failed);
    const RunId again = w.run_now(key, {{}, {}, first});
    const Assigned run = w.turn().assigned.at(0);
    BOOST_TEST(run.run == again);
    BOOST_TEST(run.attempt == 2);
    BOOST_TEST(run.args.value() == "[1]");
    BOOST_TEST(w.run(again).parent.value() == first);
    BOOST_TEST((refusal([&] { w.run_now(key, {{}, {}, RunId{1}}); }) == Refused::Why::missing));
    w.write([&](Tx& tx) { tx.remove(key); });
    BOOST_TEST((refusal([&] { w.run_now(key); }) == Refused::Why::missing));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_queued_run_is_stopped_at_once_and_the_next_one_moves_up, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a");
    const RunId ready = w.run_now(key), second = w.run_now(key), third = w.run_now(key);
    w.stop(second);
    BOOST_TEST(w.state(second) == RunState::stopped);
    BOOST_TEST(w.run(second).reason == "stopped");
    w.stop(ready);
    BOOST_TEST(w.state(third) == RunState::ready);
    const TurnOut out = w.turn();
    BOOST_TEST(out.stops.empty());
    BOOST_TEST(out.assigned.at(0).run == third);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_started_run_becomes_stopping_and_the_order_is_given_once, Backend, Backends) {
    On<Backend> w;
    w.run_now(w.put_manual("a"));
    const auto runs = w.turn().assigned;
    w.stop(runs.at(0).run);
    BOOST_TEST(w.state(runs.at(0).run) == RunState::stopping);
    const TurnOut out = w.turn();
    BOOST_REQUIRE(out.stops.size() == 1U);
    BOOST_TEST(out.stops.at(0).run == runs.at(0).run);
    BOOST_TEST((out.stops.at(0).why == StopWhy::user));
    BOOST_TEST(w.turn().stops.empty());
    TurnIn in;
    in.started.push_back({runs.at(0).run, runs.at(0).claim, 9, 5});
    w.turn(in);
    BOOST_TEST(w.state(runs.at(0).run) == RunState::stopping);
    w.finish(runs, RunState::stopped);
    BOOST_TEST(w.state(runs.at(0).run) == RunState::stopped);
    w.write([&](Tx& tx) { BOOST_TEST(!tx.request_stop(runs.at(0).run, StopWhy::user)); });
    BOOST_TEST((refusal([&] { w.stop(RunId{1}); }) == Refused::Why::missing));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_refused_unit_orders_no_stop, Backend, Backends) {
    On<Backend> w;
    w.run_now(w.put_manual("a"));
    const auto runs = w.turn().assigned;
    BOOST_CHECK_THROW(w.write([&](Tx& tx) {
        tx.request_stop(runs.at(0).run, StopWhy::user);
        throw std::runtime_error("no");
    }),
                      std::runtime_error);
    BOOST_TEST(w.turn().stops.empty());
    BOOST_TEST(w.state(runs.at(0).run) == RunState::assigned);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(removing_a_job_stops_what_is_queued_and_lets_what_runs_end, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a");
    w.run_now(key);
    const auto runs = w.turn().assigned;
    const RunId queued = w.run_now(key);
    w.write([&](Tx& tx) {
        tx.settle(key, World::planned(Occasion::remove));
        tx.remove(key);
    });
    BOOST_TEST(!w.store->read()->job("a").has_value());
    BOOST_TEST(w.job(key).state.status == JobStatus::deleted);
    BOOST_TEST(w.state(queued) == RunState::stopped);
    BOOST_TEST(w.run(queued).reason == "deleted");
    BOOST_TEST(w.state(runs.at(0).run) == RunState::assigned);
    BOOST_TEST(w.finish(runs).fenced_off.empty());
    BOOST_TEST(w.state(runs.at(0).run) == RunState::succeeded);
    BOOST_TEST((w.put_manual("a") != key));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_deleted_job_fires_no_more_and_its_due_fires_are_accounted_for, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a");
    w.clock.advance(3 * kSecond);
    w.write([&](Tx& tx) {
        tx.settle(key, World::planned(Occasion::remove));
        tx.remove(key);
    });
    w.clock.advance(10 * kSecond);
    BOOST_TEST(w.turn().assigned.empty());
    BOOST_TEST(w.accounted(key) == 3);
    BOOST_TEST(w.runs_of(key).at(0).reason == "deleted");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_paused_job_does_not_fire_and_its_ready_runs_wait, Backend, Backends) {
    On<Backend> w;
    const Definition def = w.every_second();
    const JobKey key = w.put("a", def);
    w.clock.advance(kSecond);
    w.turn(0);
    w.pause(key);
    w.pause(key);
    BOOST_TEST(w.job(key).state.status == JobStatus::paused);
    w.clock.advance(10 * kSecond);
    BOOST_TEST(w.turn().assigned.empty());
    const RunId manual = w.run_now(key);
    BOOST_TEST(w.turn().assigned.at(0).run == manual);
    w.resume(key, def);
    w.resume(key, def);
    BOOST_TEST(w.job(key).state.status == JobStatus::active);
    BOOST_TEST(w.job(key).state.next_fire.value() == w.clock.now() + kSecond);
    BOOST_TEST(w.accounted(key) == 11);
    const RunFilter live{.job = key, .states = {RunState::blocked}, .from = {}, .until = {}, .before = {}};
    BOOST_TEST(w.store->read()->runs(live).items.size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_resumed_job_readies_the_run_that_waited, Backend, Backends) {
    On<Backend> w;
    const Definition def = w.every_second();
    const JobKey key = w.put("a", def);
    w.clock.advance(kSecond);
    w.turn(0);
    w.pause(key);
    w.resume(key, def);
    BOOST_TEST(w.turn().assigned.size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(recovery_judges_each_run_by_the_ledger, Backend, Backends) {
    struct Row {
        bool running, stopping;
        LedgerSays says;
        bool nothing_proven;
        RunState wanted;
        const char* reason;
        int retries;
    };
    const Row table[] = {
        {false, false, LedgerSays::not_started, false, RunState::ready, "", 0},
        {false, false, LedgerSays::started, false, RunState::failed, "lost", 1},
        {false, false, LedgerSays::unknown, false, RunState::failed, "lost", 1},
        {false, false, LedgerSays::ended, false, RunState::succeeded, "", 0},
        {false, false, LedgerSays::not_started, true, RunState::failed, "lost", 1},
        {true, false, LedgerSays::started, false, RunState::failed, "lost", 1},
        {true, false, LedgerSays::not_started, false, RunState::failed, "lost", 1},
        {true, false, LedgerSays::ended, false, RunState::succeeded, "", 0},
        {false, true, LedgerSays::not_started, false, RunState::stopped, "stopped", 0},
        {false, true, LedgerSays::started, false, RunState::failed, "lost", 0},
    };
    for (const Row& row : table) {
        BOOST_TEST_CONTEXT("running " << row.running << ", stopping " << row.stopping << ", ledger "
                                      << static_cast<int>(row.says)) {
            On<Backend> w;
            const JobKey key = w.put_manual("a", [](Definition& def) { def.retry.max_retries = 3; });
            const RunId id = w.run_now(key);
            const Assigned run = w.turn().assigned.at(0);
            if (row.running) {
                TurnIn in;
                in.started.push_back({run.run, run.claim, 9, 4});
                w.turn(in);
            }
            if (row.stopping) w.stop(id);
            w.reopen();
            w.store->recover(w.fence, says(row.says), row.nothing_proven);
            BOOST_TEST(w.state(id) == row.wanted);
            BOOST_TEST(w.run(id).reason == row.reason);
            BOOST_TEST(w.run(id).attempt == 1);
            BOOST_TEST(w.runs_of(key).size() == 1U + static_cast<std::size_t>(row.retries));
            BOOST_TEST(w.finish({run}).fenced_off.size() == 1U);
            const auto again = w.store->recover(w.fence, says(LedgerSays::unknown), false);
            BOOST_TEST(again.lost + again.ended + again.requeued == 0);
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(recovery_leaves_queued_runs_alone_and_lets_the_next_one_go, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put_manual("a");
    w.run_now(key);
    const RunId queued = w.run_now(key);
    w.turn();
    w.reopen();
    const Recovered sum = w.store->recover(w.fence, says(LedgerSays::unknown), false);
    BOOST_TEST(sum.lost == 1);
    BOOST_TEST(w.turn().assigned.at(0).run == queued);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_changed_ledger_is_noticed_until_its_runs_are_judged, Backend, Backends) {
    On<Backend> w;
    BOOST_TEST(!w.store->ledger_changed({"node", "boot"}));
    BOOST_TEST(w.store->ledger_changed({"node", "other"}));
    const Fence fence = w.store->join({"node", "other"});
    BOOST_TEST(w.store->ledger_changed({"node", "other"}), "a crash before the judgement must not hide it");
    w.store->recover(fence, says(LedgerSays::unknown), true);
    BOOST_TEST(!w.store->ledger_changed({"node", "other"}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(pages_of_runs_are_whole_and_newest_first, Backend, Backends) {
    On<Backend> w;
    const JobKey a = w.put_manual("a"), b = w.put_manual("b");
    std::vector<RunId> all, of_a;
    const Micros start = w.clock.now();
    for (int i = 0; i < 10; ++i) {
        all.push_back(w.run_now(i % 2 == 0 ? a : b));
        if (i % 2 == 0) of_a.push_back(all.back());
        w.clock.advance(kSecond);
    }
    const auto pages = [&](RunFilter filter) {
        std::vector<RunId> ids;
        for (;;) {
            const auto page = w.store->read()->runs(filter);
            for (const RunView& run : page.items) ids.insert(ids.begin(), run.id);
            if (!page.next) return ids;
            filter.before = page.next;
        }
    };
    RunFilter filter;
    filter.limit = 3;
    BOOST_TEST(pages(filter) == all, boost::test_tools::per_element());
    filter.job = a;
    BOOST_TEST(pages(filter) == of_a, boost::test_tools::per_element());
    filter.job.reset();
    filter.from = start + 2 * kSecond;
    filter.until = start + 4 * kSecond;
    BOOST_TEST(pages(filter) == std::vector<RunId>(all.begin() + 2, all.begin() + 5), boost::test_tools::per_element());
    filter = {};
    filter.states = {RunState::blocked};
    BOOST_TEST(pages(filter).size() == 8U);
    w.finish(w.turn().assigned, RunState::failed);
    filter.states = {RunState::failed};
    BOOST_TEST(pages(filter).size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
