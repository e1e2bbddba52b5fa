#include "service/history.hpp"

#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using foliot::testing::refused;
using foliot::testing::Setup;
using service::FireReport;

namespace {

struct HistorySetup : Setup {
    std::string held;
    service::History history{*store, [this] { return held; }};

    FireReport explain(const std::string& id, std::optional<Micros> time = {}) {
        return history.explain(as(vera), id, time);
    }
    void finish(const store::TurnOut& out, RunState state, std::optional<NextAttempt> next = {}) {
        store::TurnIn in;
        for (const auto& run : out.assigned) {
            store::Finished end;
            end.run = run.run;
            end.claim = run.claim;
            end.verdict.state = state;
            if (state != RunState::succeeded) end.verdict.reason = "exception";
            end.started = end.ended = clock.now();
            end.next = next;
            in.finished.push_back(end);
        }
        store->turn(fence, in, [](const DueJob& due, Micros now, Micros awake) { return plan(due, now, awake); });
    }
    std::string id_of(RunId run) { return executions.id_of(run); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(the_history, HistorySetup)

BOOST_AUTO_TEST_CASE(without_a_time_the_latest_fire_that_was_due_is_told) {
    const Micros first = jobs.add(as(olga), hourly("a")).job->state.next_fire.value();
    BOOST_TEST(explain("a").fire.time == clock.now());
    BOOST_TEST(explain("a").words.outcome == "no_fire");
    clock.set_wall(first + kSecond);
    BOOST_TEST(explain("a").fire.time == first);
    BOOST_TEST(explain("a").words.outcome == "pending");
    finish(turn(1), RunState::succeeded);
    BOOST_TEST(explain("a").fire.time == first);
    BOOST_TEST(explain("a").words.outcome == "succeeded");
}

BOOST_AUTO_TEST_CASE(a_paused_jobs_latest_fire_is_the_one_it_sleeps_through) {
    const Micros first = jobs.add(as(olga), hourly("a")).job->state.next_fire.value();
    jobs.pause(as(olga), "a");
    clock.set_wall(first + kSecond);
    BOOST_TEST(explain("a").fire.time == first);
    BOOST_TEST(explain("a").words.outcome == "paused");
    jobs.resume(as(olga), "a");
    BOOST_TEST(explain("a").words.outcome == "skipped");
}

BOOST_AUTO_TEST_CASE(the_attempts_of_a_fire_are_linked_and_runs_by_hand_are_not_among_them) {
    auto wish = hourly("a");
    wish.fields.max_instances = 3;
    const Micros first = jobs.add(as(olga), wish).job->state.next_fire.value();
    clock.set_wall(first);
    jobs.run_now(as(olga), "a");
    const auto claimed = turn(5);
    finish(claimed, RunState::failed, NextAttempt{clock.now() + 60 * kSecond, true});
    const auto report = explain("a", first);
    BOOST_REQUIRE(report.fire.attempts.size() == 2U);
    BOOST_TEST((report.fire.attempts[0].id == report.fire.row->id));
    BOOST_TEST((report.fire.attempts[1].parent == report.fire.row->id));
    BOOST_TEST(report.words.outcome == "queued");
}

BOOST_AUTO_TEST_CASE(finished_and_deleted_jobs_are_told_by_the_last_that_had_the_id) {
    auto once = hourly("a");
    once.fields.trigger = at(clock.now() + kSecond);
    jobs.add(as(olga), once);
    clock.advance(kSecond);
    const Micros fire = clock.now();
    finish(turn(1), RunState::succeeded);
    BOOST_TEST(explain("a").words.outcome == "succeeded");
    BOOST_TEST(explain("a", fire + kSecond).words.outcome == "finished");
    clock.advance(kSecond);
    jobs.add(as(olga), hourly("a"));
    BOOST_TEST(explain("a", fire).words.outcome == "not_active");
    jobs.remove(as(olga), "a");
    BOOST_TEST(explain("a", clock.now() + kSecond).words.outcome == "not_active");
    BOOST_CHECK_EXCEPTION(explain("never"), RequestError, refused(Problem::not_found));
}

BOOST_AUTO_TEST_CASE(looking_needs_no_more_than_a_viewer_but_somebody) {
    jobs.add(as(olga), hourly("a"));
    BOOST_CHECK_EXCEPTION(history.explain(as(Principal{}), "a", {}), RequestError, refused(Problem::unauthenticated));
    BOOST_CHECK_EXCEPTION(history.next(as(Principal{}), "a", 1), RequestError, refused(Problem::unauthenticated));
    BOOST_TEST(history.next(as(vera), "a", 1).fires.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_next_fires_follow_the_next_run_and_end_where_the_job_does) {
    const auto next_of = [&](const std::string& id, std::size_t count) { return history.next(as(vera), id, count); };
    const Micros hour = 3600 * kSecond;
    const Micros first = jobs.add(as(olga), hourly("a")).job->state.next_fire.value();
    BOOST_TEST(next_of("a", 3).fires == (std::vector<Micros>{first, first + hour, first + 2 * hour}));
    BOOST_TEST(next_of("a", 3).truncated);

    auto few = hourly("few");
    few.fields.max_runs = std::optional<std::int64_t>(2);
    jobs.add(as(olga), few);
    BOOST_TEST(next_of("few", 3).fires == (std::vector<Micros>{first, first + hour}));
    BOOST_TEST(!next_of("few", 3).truncated);
    BOOST_TEST(!next_of("few", 2).truncated);

    auto ending = hourly("ending");
    ending.fields.trigger = [&](const trigger::Trigger*, Micros) -> trigger::Trigger {
        return trigger::Interval{hour, first, first + hour, 0};
    };
    jobs.add(as(olga), ending);
    BOOST_TEST(next_of("ending", 5).fires.size() == 2U);
    BOOST_TEST(!next_of("ending", 5).truncated);

    auto by_hand = hourly("hand");
    by_hand.fields.next_run = service::NextRun{first + 7, 0};
    jobs.add(as(olga), by_hand);
    BOOST_TEST(next_of("hand", 2).fires == (std::vector<Micros>{first + 7, first + 7 + hour}));
}

BOOST_AUTO_TEST_CASE(a_paused_job_tells_what_would_fire_and_an_ended_one_nothing) {
    const Micros first = jobs.add(as(olga), hourly("a")).job->state.next_fire.value();
    jobs.pause(as(olga), "a");
    clock.set_wall(first + kSecond);
    const auto next = history.next(as(vera), "a", 1);
    BOOST_TEST((next.status == JobStatus::paused));
    BOOST_TEST(next.fires == std::vector<Micros>{first + 3600 * kSecond});
    jobs.remove(as(olga), "a");
    BOOST_TEST(history.next(as(vera), "a", 1).fires.empty());
    BOOST_CHECK_EXCEPTION(history.next(as(vera), "never", 1), RequestError, refused(Problem::not_found));
}

BOOST_AUTO_TEST_CASE(an_expression_that_rarely_matches_ends_with_the_calendar) {
    auto rare = hourly("rare");
    rare.fields.trigger = [](const trigger::Trigger*, Micros) -> trigger::Trigger {
        return trigger::make_cron({std::nullopt, "2", "29", std::nullopt, "mon"}, std::nullopt, std::nullopt);
    };
    jobs.add(as(olga), rare);
    const auto next = history.next(as(vera), "rare", 1000);
    BOOST_TEST(next.fires.size() > 200U);
    BOOST_TEST(next.fires.size() < 300U);
    BOOST_TEST(!next.truncated);
}

BOOST_AUTO_TEST_CASE(what_a_run_by_hand_waits_for_is_told) {
    jobs.add(as(olga), hourly("a"));
    const std::string first = id_of(jobs.run_now(as(olga), "a"));
    const std::string second = id_of(jobs.run_now(as(olga), "a"));
    const auto told = [&](const std::string& id) { return history.explain_run(as(vera), id); };
    held = "the disk is full";
    BOOST_TEST(told(first).waits_for == "scheduler");
    BOOST_TEST(told(first).text.ends_with("this server starts nothing now: the disk is full."), told(first).text);
    held.clear();
    const auto out = turn(1);
    BOOST_TEST(told(first).waits_for == "");
    BOOST_TEST(told(second).outcome == "queued");
    BOOST_TEST(told(second).waits_for == "run");
    BOOST_TEST(told(second).text ==
               "It waits for a run of this job to end (max_instances is 1): " + first + " is queued.");
    finish(out, RunState::succeeded);
    BOOST_TEST(told(first).outcome == "succeeded");
    BOOST_TEST(told(second).waits_for == "worker");
    BOOST_TEST(told(second).run.job_id == "a");
    for (const std::string& id : {std::string("nope"), std::string(32, '0')}) {
        BOOST_CHECK_EXCEPTION(told(id), RequestError, refused(Problem::not_found));
    }
}

BOOST_AUTO_TEST_CASE(the_run_of_a_fire_is_told_as_its_fire_is) {
    const Micros first = jobs.add(as(olga), hourly("a")).job->state.next_fire.value();
    clock.set_wall(first + kSecond);
    const auto out = turn(1);
    finish(out, RunState::failed);
    const auto told = history.explain_run(as(vera), id_of(out.assigned.at(0).run));
    BOOST_TEST(told.text == explain("a", first).words.text);
    BOOST_TEST(told.outcome == "failed");
}

BOOST_AUTO_TEST_CASE(a_failed_run_is_tried_again_by_an_operator_and_the_audit_says_so) {
    jobs.add(as(olga), hourly("a"));
    const RunId first = jobs.run_now(as(olga), "a");
    BOOST_CHECK_EXCEPTION(jobs.retry(as(olga), id_of(first)), RequestError, refused(Problem::conflict));
    finish(turn(1), RunState::failed);
    BOOST_CHECK_EXCEPTION(jobs.retry(as(vera), id_of(first)), RequestError, refused(Problem::forbidden));
    const RunId again = jobs.retry(as(olga), id_of(first));
    BOOST_TEST((executions.get(as(vera), id_of(again)).parent == first));
    BOOST_TEST(audit().front().event == "retried");
    BOOST_TEST(audit().front().before == id_of(first));
    BOOST_TEST(audit().front().after == id_of(again));
    BOOST_CHECK_EXCEPTION(jobs.retry(as(olga), id_of(first)), RequestError, refused(Problem::conflict));
    for (const std::string& id : {std::string("nope"), std::string(32, '0')}) {
        BOOST_CHECK_EXCEPTION(jobs.retry(as(olga), id), RequestError, refused(Problem::not_found));
    }
}

BOOST_AUTO_TEST_CASE(the_run_of_a_finished_job_is_tried_again_and_that_of_a_deleted_one_is_not) {
    auto once = hourly("a");
    once.fields.trigger = at(clock.now() + kSecond);
    jobs.add(as(olga), once);
    clock.advance(kSecond);
    const auto out = turn(1);
    finish(out, RunState::failed);
    const std::string first = id_of(out.assigned.at(0).run);
    BOOST_CHECK_NO_THROW(jobs.retry(as(olga), first));
    jobs.add(as(olga), hourly("b"));
    const RunId of_b = jobs.run_now(as(olga), "b");
    finish(turn(5), RunState::failed);
    jobs.remove(as(olga), "b");
    BOOST_CHECK_EXCEPTION(jobs.retry(as(olga), id_of(of_b)), RequestError, refused(Problem::conflict));
}

BOOST_AUTO_TEST_CASE(other_arguments_of_a_privileged_module_stay_with_admins) {
    jobs.add(as(root), hourly("a", "shell:run"));
    const RunId own = jobs.run_now(as(olga), "a");
    const RunId other = jobs.run_now(as(root), "a", {"[\"x\"]", std::nullopt});
    finish(turn(5), RunState::failed);
    finish(turn(5), RunState::failed);
    BOOST_CHECK_NO_THROW(jobs.retry(as(olga), id_of(own)));
    BOOST_CHECK_EXCEPTION(jobs.retry(as(olga), id_of(other)), RequestError, refused(Problem::forbidden));
    BOOST_CHECK_NO_THROW(jobs.retry(as(root), id_of(other)));
}

BOOST_AUTO_TEST_SUITE_END()
