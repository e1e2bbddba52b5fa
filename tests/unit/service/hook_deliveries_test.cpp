// What webhooks are told: once for each event, in the unit of the change.
#include "service/job_unit.hpp"
#include "support/captured_error.hpp"
#include "unit/service/hooked.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

BOOST_FIXTURE_TEST_SUITE(hook_deliveries, Hooked)

BOOST_AUTO_TEST_CASE(each_change_of_a_job_is_told_once) {
    const auto all = add("*"), of_jobs = add("job.*"), added = add("job.added"), deleted = add("job.deleted");
    jobs.add(as(olga), hourly("a"));
    service::JobEdit edit;
    edit.name = "new";
    jobs.edit(as(olga), "a", edit);
    jobs.pause(as(olga), "a");
    jobs.pause(as(olga), "a");
    jobs.resume(as(olga), "a");
    jobs.run_now(as(olga), "a");
    jobs.remove(as(olga), "a");
    tell_all();
    const Names wanted{"job.added", "job.modified", "job.paused", "job.resumed", "job.deleted"};
    BOOST_TEST(events_of(of_jobs) == wanted, boost::test_tools::per_element());
    BOOST_TEST(events_of(added) == Names{"job.added"}, boost::test_tools::per_element());
    BOOST_TEST(events_of(deleted) == Names{"job.deleted"}, boost::test_tools::per_element());
    auto everything = wanted;
    everything.push_back("execution.stopped");  // its queued run
    BOOST_TEST(events_of(all) == everything, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_message_says_what_and_of_which_job) {
    const auto hook = add("job.*");
    auto wish = hourly("a", "tasks:call");
    wish.fields.kwargs = R"({"token":"hush","where":"x"})";
    jobs.add(as(olga), wish);
    service::JobEdit edit;
    edit.name = "new";
    jobs.edit(as(olga), "a", edit);
    jobs.pause(as(olga), "a");
    const auto sent = deliveries(hook);
    BOOST_REQUIRE(sent.size() == 3U);
    BOOST_TEST(part(sent[0], {"url"}) == "https://example.org/hook");
    BOOST_TEST(part(sent[0], {"secret"}).starts_with(R"({"$secret":)"));
    BOOST_TEST(part(sent[0], {"body", "hook"}) ==
               R"({"id":1,"event":"job.added","target":"https://example.org/hook"})");
    BOOST_TEST(part(sent[0], {"id"}).starts_with("msg_"));
    BOOST_TEST(part(sent[0], {"body", "id"}) == part(sent[0], {"id"}));
    BOOST_TEST(part(sent[0], {"body", "id"}) != part(sent[1], {"id"}));
    BOOST_TEST(!part(sent[0], {"body", "at"}).empty());
    BOOST_TEST(part(sent[0], {"body", "data", "id"}) == "a");
    BOOST_TEST(part(sent[0], {"body", "data", "kwargs"}) == R"({"token":"***","where":"x"})");
    BOOST_TEST(part(sent[1], {"body", "data", "changes"}) == R"(["name: \"a\" -> \"new\""])");
    BOOST_TEST(part(sent[1], {"body", "data", "name"}) == "new");
    BOOST_TEST(part(sent[2], {"body", "data", "status"}) == "paused");
}

BOOST_AUTO_TEST_CASE(a_schedule_is_told_of_as_the_seed_scheduler_does) {
    const auto hook = add("schedule.*");
    jobs.add(as(olga), hourly("no schedule"));
    auto wish = hourly("s", "http:post");
    wish.fields.kwargs = R"({"endpoint":"http://example.org/x","payload":{"b":1,"a":[null]},"auth_token":"t"})";
    wish.fields.max_runs = {{3}};
    jobs.add(as(olga), wish);
    jobs.pause(as(olga), "s");
    jobs.remove(as(olga), "s");
    BOOST_TEST(events_of(hook) == (Names{"schedule.added", "schedule.modified", "schedule.deleted"}),
               boost::test_tools::per_element());
    const auto sent = deliveries(hook);
    const std::string data = part(sent[0], {"body", "data"});
    BOOST_TEST(part(data, {"endpoint"}) == "http://example.org/x");
    BOOST_TEST(part(data, {"payload"}) == R"({"b":1,"a":[null]})");
    BOOST_TEST(part(data, {"frequency"}) == "3");
    BOOST_TEST(part(data, {"triggered"}) == "0");
    BOOST_TEST(part(data, {"interval_definition"}) == "1 hours");
    BOOST_TEST(part(data, {"cron_definition"}) == "null");
    BOOST_TEST(part(data, {"enabled"}) == "true");
    BOOST_TEST(part(data, {"id"}).size() == 36U);
    BOOST_TEST(data.find("auth_token") == std::string::npos);
    BOOST_TEST(part(sent[1], {"body", "data", "enabled"}) == "false");
}

BOOST_AUTO_TEST_CASE(a_change_that_fails_is_not_told) {
    const auto hook = add("job.*");
    BOOST_CHECK_THROW(jobs.add(as(olga), hourly("a", "tasks:gone")), RequestError);
    jobs.add(as(olga), hourly("a"));
    BOOST_CHECK_THROW(jobs.add(as(olga), hourly("a")), RequestError);
    BOOST_CHECK_THROW(store->write(store::Store::Class::api,
                                   [&](store::Tx& tx) {
                                       service::audit(tx, as(olga), *tx.job("a"), {"modified", "", "x: 1 -> 2"});
                                       throw std::runtime_error("no");
                                   }),
                      std::runtime_error);
    BOOST_TEST(events_of(hook) == Names{"job.added"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ends_are_told_once_and_only_those_that_are_wanted) {
    jobs.add(as(olga), hourly("a"));
    end("a", RunState::failed);
    const auto bad = add("execution.failed"), any = add("execution.*");
    const RunId failed = end("a", RunState::failed);
    end("a", RunState::succeeded);
    tell_all();
    tell_all();
    BOOST_TEST(events_of(bad) == Names{"execution.failed"}, boost::test_tools::per_element());
    BOOST_TEST(events_of(any) == (Names{"execution.failed", "execution.succeeded"}), boost::test_tools::per_element());
    const std::string data = part(deliveries(bad)[0], {"body", "data"});
    BOOST_TEST(part(data, {"id"}) == executions.id_of(failed));
    BOOST_TEST(part(data, {"job_id"}) == "a");
    BOOST_TEST(part(data, {"func"}) == "tasks:ok");
    BOOST_TEST(part(data, {"state"}) == "failed");
    BOOST_TEST(part(data, {"attempt"}) == "1");
    BOOST_TEST(part(data, {"origin"}) == "manual");
    webhooks.remove(as(root), any);
    webhooks.edit(as(root), bad, {.event = "job.added"});
    end("a", RunState::failed);
    tell_all();
    BOOST_TEST(events_of(bad).size() == 1U);
    BOOST_TEST(store->read()->hooks().endings(10).empty());
}

BOOST_AUTO_TEST_CASE(deliveries_are_never_told_of) {
    const auto all = add("*");
    jobs.add(as(olga), hourly("a"));
    for (int i = 0; i < 3; ++i) {
        turn(10);
        tell_all();
    }
    jobs.pause(as(root), job_of(all));
    jobs.resume(as(root), job_of(all));
    BOOST_TEST(events_of(all) == Names{"job.added"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_paused_webhook_is_told_nothing) {
    const auto hook = add("job.*");
    jobs.pause(as(root), job_of(hook));
    jobs.add(as(olga), hourly("a"));
    jobs.resume(as(root), job_of(hook));
    jobs.remove(as(olga), "a");
    BOOST_TEST(events_of(hook) == Names{"job.deleted"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_is_inactive_or_no_operator_is_told_nothing) {
    const auto own = add("job.*", principal(olga_user)).webhook.hook.id, other = add("job.*");
    users.edit(as(principal(root_user)), olga_user.id, {.active = false});
    jobs.add(as(root), hourly("a"));
    users.edit(as(principal(root_user)), olga_user.id, {.active = true});
    jobs.pause(as(root), "a");
    users.edit(as(principal(root_user)), olga_user.id, {.groups = {{std::string("Viewers")}}});
    jobs.remove(as(root), "a");
    BOOST_TEST(events_of(own) == Names{"job.paused"}, boost::test_tools::per_element());
    BOOST_TEST(events_of(other).size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_anybody_added_while_nobody_was_asked_is_told) {
    const Principal anybody{kAnybody, "anonymous", Role::admin, Scope::admin};
    const auto hook = add("job.*", anybody).webhook.hook.id;
    jobs.add(as(root), hourly("a"));
    BOOST_TEST(events_of(hook).size() == 1U);
}

BOOST_AUTO_TEST_CASE(ends_with_large_results_are_told_too) {
    const auto hook = add("execution.*");
    jobs.add(as(olga), hourly("a"));
    constexpr std::size_t kRuns = 20;
    const std::string large = json::quote(std::string(1'000'000, 'x'));
    for (std::size_t i = 0; i < kRuns; ++i) end("a", RunState::failed, large);
    tell_all();
    const auto sent = deliveries(hook);
    BOOST_REQUIRE(sent.size() == kRuns);
    BOOST_TEST(part(sent.back(), {"body", "data", "result"}) == "null");
    BOOST_TEST(store->read()->hooks().endings(1).empty());
}

BOOST_AUTO_TEST_CASE(a_full_queue_drops_the_event_not_the_change_and_says_so_once) {
    const auto hook = add("job.*"), other = add("job.deleted");
    jobs.add(as(olga), hourly("a"));
    store->write(store::Store::Class::api, [&](store::Tx& tx) {
        const auto key = tx.hooks().hook(hook)->job;
        for (int i = 1; i < 1'000; ++i) tx.run_now(key, {});
    });
    CapturedError error;
    jobs.pause(as(olga), "a");
    jobs.resume(as(olga), "a");
    jobs.remove(as(olga), "a");
    const std::string said = error.text();
    BOOST_TEST(said.find("webhook 1 to https://example.org/hook: the event job.paused is dropped") !=
               std::string::npos);
    BOOST_TEST(said.find("is dropped", said.find("is dropped") + 1) == std::string::npos);
    BOOST_TEST(events_of(other).size() == 1U);
    const auto dropped = [&] {
        const auto names = events();
        return std::count(names.begin(), names.end(), "events_dropped");
    };
    BOOST_TEST(dropped() == 1);

    executions.stop(as(olga),
                    executions.id_of(store->read()->live_runs(jobs.get(as(root), "webhook-1").state.key, 1)[0].id));
    jobs.add(as(olga), hourly("b"));
    jobs.remove(as(olga), "b");
    BOOST_TEST(dropped() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
