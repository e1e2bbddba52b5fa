// Webhooks: who may have them, what they are, the job that delivers for each.
#include "service/hook_events.hpp"
#include "unit/service/hooked.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

BOOST_FIXTURE_TEST_SUITE(webhooks, Hooked)

BOOST_AUTO_TEST_CASE(one_is_added_with_its_job_and_a_secret_that_is_shown_once) {
    const auto added = add("job.*", olga);
    const auto& hook = added.webhook.hook;
    BOOST_TEST(hook.id == 1);
    BOOST_TEST(hook.account == olga.account);
    BOOST_TEST(hook.event == "job.*");
    BOOST_TEST(hook.target == "https://example.org/hook");
    BOOST_TEST(hook.created == clock.now());
    BOOST_TEST(added.webhook.job == "webhook-1");
    BOOST_REQUIRE(added.secret);
    BOOST_TEST(added.secret->starts_with("whsec_"));
    BOOST_TEST(added.secret->size() == 6U + 32U);
    const Job job = jobs.get(as(vera), "webhook-1");
    BOOST_TEST(job.definition.func.text() == "http:deliver");
    BOOST_TEST(job.definition.name == "Webhook 1: job.*");
    BOOST_TEST(job.definition.retry.max_retries == 5);
    BOOST_TEST(job.definition.max_instances == 1);
    BOOST_TEST(!job.state.next_fire);
    BOOST_TEST(json::parse(job.definition.kwargs).find("url")->string == hook.target);
    BOOST_TEST(vault.open(json::parse(job.definition.kwargs).find("secret")->raw) == json::quote(*added.secret));
    BOOST_TEST(last_audit() == "olga added webhook 1 job.*");
    BOOST_TEST(stored_bytes(folder).find(added.secret->substr(6)) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(secret_and_token_may_be_given) {
    const std::string secret = "whsec_" + std::string(32, 'A');
    const auto added = webhooks.add(
        as(root),
        {.event = "*", .target = "http://127.0.0.1:9/", .secret = secret, .auth_token = {{"the-token-of-it"}}});
    BOOST_TEST(added.secret.value() == secret);
    const auto kwargs = json::parse(jobs.get(as(root), "webhook-1").definition.kwargs);
    BOOST_TEST(vault.open(kwargs.find("auth_token")->raw) == "\"the-token-of-it\"");
    BOOST_TEST(stored_bytes(folder).find("the-token-of-it") == std::string::npos);
    webhooks.edit(as(root), 1, {.target = "http://127.0.0.1:10/", .auth_token = {std::optional<std::string>()}});
    const auto after = jobs.get(as(root), "webhook-1").definition;
    BOOST_TEST(json::parse(after.kwargs).find("auth_token") == nullptr);
    BOOST_TEST(json::parse(after.kwargs).find("secret")->raw == kwargs.find("secret")->raw);
    BOOST_TEST(json::parse(after.kwargs).find("url")->string == "http://127.0.0.1:10/");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused_by_field) {
    const auto refuses = [&](const service::WebhookEdit& wish, const std::string& field) {
        BOOST_CHECK_EXCEPTION(webhooks.add(as(root), wish), RequestError, refused(Problem::invalid, field));
    };
    refuses({.target = "http://host/"}, "event");
    refuses({.event = "job.added"}, "target");
    for (const char* event : {"no.such", "", "job.", "job.added ", "execution.running", "webhook.test"}) {
        refuses({.event = event, .target = "http://host/"}, "event");
    }
    for (const char* target : {"", "host", "ftp://host/", "http://", "http:///x", "http://:80/", "http://a b/",
                               "http://user:word@host/", "javascript:1", "http://h/\n"}) {
        refuses({.event = "*", .target = target}, "target");
    }
    refuses({.event = "*", .target = "http://host/" + std::string(2'000, 'x')}, "target");
    for (const char* secret : {"", "x", "whsec_", "whsec_AAAA", "whsec_!"}) {
        refuses({.event = "*", .target = "http://host/", .secret = secret}, "secret");
    }
    refuses({.event = "*", .target = "http://host/", .auth_token = {{"a\nb"}}}, "auth_token");
    BOOST_TEST(webhooks.list(as(root), {}).count == 0);
    for (const std::string_view event : service::hook_events()) {
        webhooks.add(as(root), {.event = std::string(event), .target = "http://[::1]:80/x?y#z"});
    }
}

BOOST_AUTO_TEST_CASE(without_the_module_that_delivers_there_are_none) {
    functions.with_http = false;
    BOOST_CHECK_EXCEPTION(add("*"), RequestError, [](const RequestError& error) {
        return error.problem() == Problem::invalid &&
               std::string(error.what()).find("module http") != std::string::npos;
    });
    BOOST_TEST(webhooks.list(as(root), {}).items.empty());
    BOOST_TEST(audit().empty());
}

BOOST_AUTO_TEST_CASE(viewers_see_operators_have_their_own_admins_all) {
    BOOST_CHECK_EXCEPTION(add("*", vera), RequestError, refused(Problem::forbidden));
    add("job.added", olga);
    add("job.deleted", root);
    BOOST_TEST(webhooks.list(as(vera), {}).count == 2);
    BOOST_TEST(webhooks.get(as(vera), 1).hook.event == "job.added");
    webhooks.edit(as(root), 1, {.event = "*"});
    BOOST_TEST(webhooks.get(as(olga), 1).hook.account == olga.account);
    BOOST_CHECK_EXCEPTION(webhooks.edit(as(olga), 2, {.event = "*"}), RequestError, refused(Problem::forbidden));
    BOOST_CHECK_EXCEPTION(webhooks.remove(as(olga), 2), RequestError, refused(Problem::forbidden));
    BOOST_CHECK_EXCEPTION(webhooks.test(as(vera), 1), RequestError, refused(Problem::forbidden));
    BOOST_CHECK_EXCEPTION(webhooks.remove(as(root), 3), RequestError, refused(Problem::not_found));
    webhooks.remove(as(olga), 1);
    BOOST_CHECK_EXCEPTION(webhooks.get(as(root), 1), RequestError, refused(Problem::not_found));
}

BOOST_AUTO_TEST_CASE(an_edit_changes_hook_and_job) {
    add("job.added");
    clock.advance(kSecond);
    const auto after = webhooks.edit(as(root), 1, {.event = "execution.failed", .target = "http://other/"});
    BOOST_TEST(after.hook.updated == clock.now());
    BOOST_TEST(after.hook.created == clock.now() - kSecond);
    const auto job = jobs.get(as(root), "webhook-1").definition;
    BOOST_TEST(job.name == "Webhook 1: execution.failed");
    BOOST_TEST(job.description.find("http://other/") != std::string::npos);
    BOOST_TEST(audit().front().event == "modified");
    BOOST_TEST(audit().front().kind == "webhook");
    jobs.add(as(root), hourly("a"));
    BOOST_TEST(deliveries(1).empty());
}

BOOST_AUTO_TEST_CASE(its_job_is_changed_by_changing_the_webhook) {
    add("job.added");
    const auto wrong = [&](const std::function<void()>& change) {
        BOOST_CHECK_EXCEPTION(change(), RequestError, refused(Problem::conflict));
    };
    service::JobEdit edit;
    edit.name = "x";
    service::NewJob other = hourly("webhook-1");
    wrong([&] { jobs.edit(as(root), "webhook-1", edit); });
    wrong([&] { jobs.remove(as(root), "webhook-1"); });
    wrong([&] { jobs.run_now(as(root), "webhook-1"); });
    other.replace_existing = true;
    wrong([&] { jobs.add(as(root), other); });
    BOOST_TEST((jobs.pause(as(root), "webhook-1")->state.status == JobStatus::paused));
    BOOST_CHECK_EXCEPTION(webhooks.test(as(root), 1), RequestError, refused(Problem::wrong_state));
    jobs.resume(as(root), "webhook-1");
    const auto run = webhooks.test(as(root), 1);
    executions.stop(as(olga), run);
    jobs.retry(as(olga), run);
    BOOST_TEST(deliveries(1).size() == 2U);
}

BOOST_AUTO_TEST_CASE(only_its_user_and_admins_pause_and_resume_it) {
    add("*", olga);
    add("*", root);
    jobs.pause(as(olga), "webhook-1");
    jobs.resume(as(root), "webhook-1");
    BOOST_CHECK_EXCEPTION(jobs.pause(as(olga), "webhook-2"), RequestError, refused(Problem::forbidden));
    jobs.pause(as(root), "webhook-2");
    BOOST_CHECK_EXCEPTION(jobs.resume(as(olga), "webhook-2"), RequestError, refused(Problem::forbidden));
    BOOST_TEST((jobs.get(as(vera), "webhook-2").state.status == JobStatus::paused));
}

BOOST_AUTO_TEST_CASE(a_user_has_fifty_and_all_have_two_hundred) {
    for (std::size_t i = 0; i < service::kMostHooksOfOne; ++i) add("job.added", olga);
    BOOST_CHECK_EXCEPTION(add("job.added", olga), RequestError, refused(Problem::wrong_state));
    for (int user = 0; user < 3; ++user) {
        const Principal other = principal(make("user" + std::to_string(user), {}));
        for (std::size_t i = 0; i < service::kMostHooksOfOne; ++i) add("job.added", other);
    }
    BOOST_CHECK_EXCEPTION(add("job.added", root), RequestError, refused(Problem::wrong_state));
    webhooks.remove(as(olga), 1);
    add("job.added", root);
}

BOOST_AUTO_TEST_CASE(the_audit_has_no_query_of_a_target) {
    webhooks.add(as(root), {.event = "*", .target = "https://example.org/hook?key=hush"});
    webhooks.edit(as(root), 1, {.target = "https://example.org/other?key=hush"});
    BOOST_TEST(audit().front().before == R"({"event":"*","target":"https://example.org/hook?...","user":1})");
    BOOST_TEST(audit().front().after == R"({"event":"*","target":"https://example.org/other?...","user":1})");
    BOOST_TEST(webhooks.get(as(vera), 1).hook.target == "https://example.org/other?key=hush");
}

BOOST_AUTO_TEST_CASE(an_id_that_is_taken_is_left_alone) {
    jobs.add(as(root), hourly("webhook-1"));
    BOOST_TEST(add("*", root).webhook.job == "webhook-1-2");
}

BOOST_AUTO_TEST_CASE(it_goes_with_its_job_and_what_is_queued) {
    add("job.added");
    jobs.add(as(root), hourly("a"));
    const auto queued = runs();
    BOOST_REQUIRE(queued.size() == 1U);
    webhooks.remove(as(root), 1);
    BOOST_TEST((runs().front().state == RunState::stopped));
    BOOST_TEST(last_audit() == "root deleted webhook 1 job.added");
    jobs.add(as(root), hourly("b"));
    BOOST_TEST(runs().size() == 1U);
    BOOST_CHECK_THROW(jobs.get(as(root), "webhook-1"), RequestError);
}

BOOST_AUTO_TEST_CASE(a_user_who_is_deleted_takes_his_along) {
    const Principal other = principal(make("otto", {}));
    add("*", other);
    add("*", root);
    users.remove(as(principal(root_user)), other.account);
    const auto left = webhooks.list(as(root), {});
    BOOST_REQUIRE(left.items.size() == 1U);
    BOOST_TEST(left.items.front().hook.account == root.account);
    BOOST_CHECK_THROW(jobs.get(as(root), "webhook-1"), RequestError);
}

BOOST_AUTO_TEST_CASE(one_request_adds_one) {
    const service::Caller caller{root, "test", service::Once{"key", "asked"}};
    const service::WebhookEdit wish{.event = "*", .target = "http://host/"};
    const auto first = webhooks.add(caller, wish), again = webhooks.add(caller, wish);
    BOOST_TEST(again.webhook.hook.id == first.webhook.hook.id);
    BOOST_TEST(first.secret.has_value());
    BOOST_TEST(!again.secret);
    BOOST_TEST(webhooks.list(as(root), {}).count == 1);
}

BOOST_AUTO_TEST_CASE(a_privileged_module_delivers_for_admins_only) {
    service::Webhooks guarded{{*store, functions, vault, {.names = {"http"}}}};
    const service::WebhookEdit wish{.event = "*", .target = "http://host/"};
    BOOST_CHECK_EXCEPTION(guarded.add(as(olga), wish), RequestError, refused(Problem::forbidden));
    guarded.add(as(root), wish);
}

BOOST_AUTO_TEST_SUITE_END()
