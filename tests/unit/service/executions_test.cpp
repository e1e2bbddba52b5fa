#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using foliot::testing::refused;
using foliot::testing::Setup;

BOOST_FIXTURE_TEST_SUITE(the_executions, Setup)

BOOST_AUTO_TEST_CASE(an_execution_is_found_by_its_public_id_and_guesses_are_not) {
    jobs.add(as(olga), hourly("a"));
    const RunId run = jobs.run_now(as(olga), "a");
    const std::string id = executions.id_of(run);
    BOOST_TEST(id.size() == 32U);
    BOOST_TEST((executions.get(as(vera), id).id == run));
    std::string guess = id;
    guess.back() = guess.back() == '0' ? '1' : '0';
    for (const std::string& bad : {guess, std::string("nope"), std::string()}) {
        BOOST_CHECK_EXCEPTION(executions.get(as(vera), bad), RequestError, refused(Problem::not_found));
        BOOST_CHECK_EXCEPTION(executions.output(as(vera), bad), RequestError, refused(Problem::not_found));
    }
}

BOOST_AUTO_TEST_CASE(the_list_can_be_cut_by_job_state_time_and_number) {
    jobs.add(as(olga), hourly("a"));
    jobs.add(as(olga), hourly("b"));
    const RunId first = jobs.run_now(as(olga), "a");
    clock.advance(kSecond);
    jobs.run_now(as(olga), "b");
    clock.advance(kSecond);
    const RunId last = jobs.run_now(as(olga), "a");
    executions.stop(as(olga), executions.id_of(first));

    const auto ids = [&](const service::ExecutionQuery& query) {
        std::vector<RunId> found;
        for (const auto& run : executions.list(as(vera), query).items) found.push_back(run.id);
        return found;
    };
    BOOST_TEST(ids({}).size() == 3U);
    BOOST_TEST((ids({}).front() == last));
    service::ExecutionQuery of_a;
    of_a.job_id = "a";
    BOOST_TEST((ids(of_a) == std::vector{last, first}));
    service::ExecutionQuery live_of_a = of_a;
    live_of_a.states = {RunState::ready, RunState::blocked};
    BOOST_TEST((ids(live_of_a) == std::vector{last}));
    service::ExecutionQuery recent;
    recent.from = clock.now() - kSecond;
    BOOST_TEST(ids(recent).size() == 2U);
    service::ExecutionQuery old;
    old.until = clock.now() - 2 * kSecond;
    BOOST_TEST((ids(old) == std::vector{first}));
    service::ExecutionQuery one;
    one.limit = 1;
    BOOST_TEST((ids(one) == std::vector{last}));
    of_a.limit = 1;
    const auto page = executions.list(as(vera), of_a);
    BOOST_REQUIRE(page.next);
    of_a.before = page.next;
    BOOST_TEST((ids(of_a) == std::vector{first}));
}

BOOST_AUTO_TEST_CASE(a_job_has_its_runs_however_many_newer_ones_others_have) {
    jobs.add(as(olga), hourly("a"));
    const RunId old = jobs.run_now(as(olga), "a");
    executions.stop(as(olga), executions.id_of(old));
    jobs.remove(as(olga), "a");
    service::NewJob busy = hourly("b");
    busy.fields.max_instances = 30'000;
    const auto key = jobs.add(as(olga), busy).job.value().state.key;
    for (int i = 0; i < 21; ++i) {
        store->write(store::Store::Class::bulk, [&](store::Tx& tx) {
            for (int n = 0; n < 1'000; ++n) tx.request_stop(tx.run_now(key, {}), StopWhy::user);
        });
    }
    service::ExecutionQuery of_a;
    of_a.job_id = "a";
    const auto page = executions.list(as(vera), of_a);
    BOOST_REQUIRE(page.items.size() == 1U);
    BOOST_TEST((page.items.front().id == old));
    BOOST_TEST(!page.next);
}

BOOST_AUTO_TEST_CASE(a_page_of_large_results_is_cut_and_the_cursor_goes_on) {
    jobs.add(as(olga), hourly("a"));
    constexpr int count = 20;
    for (int i = 0; i < count; ++i) {
        jobs.run_now(as(olga), "a");
        store::TurnIn in;
        for (const auto& run : turn(1).assigned) {
            store::Finished end;
            end.run = run.run;
            end.claim = run.claim;
            end.verdict.state = RunState::succeeded;
            end.verdict.result = '"' + std::string(1'000'000, 'x') + '"';
            in.finished.push_back(end);
        }
        store->turn(fence, in, [](const DueJob& due, Micros now, Micros since) { return plan(due, now, since); });
    }
    for (const bool by_job : {false, true}) {
        service::ExecutionQuery query;
        if (by_job) query.job_id = "a";
        const auto first = executions.list(as(vera), query);
        BOOST_REQUIRE(first.next);
        BOOST_TEST(first.items.size() == 17U);
        query.cursor = executions.id_of(first.items.back().id);
        const auto second = executions.list(as(vera), query);
        BOOST_TEST(second.items.size() == 3U);
        BOOST_TEST(!second.next);
    }
}

BOOST_AUTO_TEST_CASE(a_cursor_that_leads_nowhere_is_refused) {
    service::ExecutionQuery query;
    query.cursor = "nope";
    BOOST_CHECK_EXCEPTION(executions.list(as(vera), query), RequestError, refused(Problem::invalid, "cursor"));
    query.cursor = executions.id_of(RunId{IdGenerator::first_at(clock.now())});
    BOOST_TEST(executions.list(as(vera), query).items.empty());
    query.job_id = "a";
    BOOST_CHECK_EXCEPTION(executions.list(as(vera), query), RequestError, refused(Problem::invalid, "cursor"));
}

BOOST_AUTO_TEST_CASE(a_queued_run_is_stopped_at_once_and_only_once) {
    jobs.add(as(olga), hourly("a"));
    const std::string id = executions.id_of(jobs.run_now(as(olga), "a"));
    BOOST_CHECK_EXCEPTION(executions.stop(as(vera), id), RequestError, refused(Problem::forbidden));
    BOOST_TEST((executions.stop(as(olga), id).state == RunState::stopped));
    BOOST_TEST(audit().front().event == "stopped");
    BOOST_TEST(audit().front().after == id);
    BOOST_CHECK_EXCEPTION(executions.stop(as(olga), id), RequestError, refused(Problem::wrong_state));
}

BOOST_AUTO_TEST_CASE(a_started_run_becomes_stopping_and_its_worker_is_told) {
    jobs.add(as(olga), hourly("a"));
    const RunId run = jobs.run_now(as(olga), "a");
    BOOST_REQUIRE(turn(1).assigned.size() == 1U);
    BOOST_TEST((executions.stop(as(olga), executions.id_of(run)).state == RunState::stopping));
    const auto stops = turn().stops;
    BOOST_REQUIRE(stops.size() == 1U);
    BOOST_TEST((stops.front().run == run));
    BOOST_TEST((stops.front().why == StopWhy::user));
}

BOOST_AUTO_TEST_SUITE_END()
