#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using foliot::testing::refused;
using foliot::testing::Setup;
using service::Power;

BOOST_FIXTURE_TEST_SUITE(power, Setup)

BOOST_AUTO_TEST_CASE(power_is_role_and_scope) {
    struct Case {
        Role role;
        Scope scope;
        int granted;  // read, run, write, admin: how many of them
    };
    const std::vector<Case> cases{
        {Role::viewer, Scope::read, 1},   {Role::viewer, Scope::admin, 1},    {Role::operator_, Scope::read, 1},
        {Role::operator_, Scope::run, 2}, {Role::operator_, Scope::write, 3}, {Role::operator_, Scope::admin, 3},
        {Role::admin, Scope::read, 1},    {Role::admin, Scope::run, 2},       {Role::admin, Scope::write, 3},
        {Role::admin, Scope::admin, 4},
    };
    for (const Case& c : cases) {
        int granted = 0;
        for (const Power power : {Power::read, Power::run, Power::write, Power::admin}) {
            granted += service::has_power({1, "x", c.role, c.scope}, power) ? 1 : 0;
        }
        BOOST_TEST(granted == c.granted);
    }
}

BOOST_AUTO_TEST_CASE(nobody_is_asked_to_say_who_they_are) {
    const Principal nobody;
    BOOST_CHECK_EXCEPTION(jobs.list(as(nobody)), RequestError, refused(Problem::unauthenticated));
}

BOOST_AUTO_TEST_CASE(a_viewer_reads_and_changes_nothing_whatever_the_token_says) {
    jobs.add(as(olga), hourly("a"));
    BOOST_TEST(jobs.list(as(vera)).items.size() == 1U);
    const std::vector<std::function<void()>> changes{
        [&] { jobs.add(as(vera), hourly("b")); }, [&] { jobs.edit(as(vera), "a", {}); },
        [&] { jobs.pause(as(vera), "a"); },       [&] { jobs.resume(as(vera), "a"); },
        [&] { jobs.remove(as(vera), "a"); },      [&] { jobs.run_now(as(vera), "a"); },
    };
    for (const auto& change : changes) BOOST_CHECK_EXCEPTION(change(), RequestError, refused(Problem::forbidden));
    BOOST_TEST(events() == std::vector<std::string>{"added"});
}

BOOST_AUTO_TEST_CASE(privileged_modules_are_for_admins_with_an_admin_token) {
    BOOST_CHECK_EXCEPTION(jobs.add(as(olga), hourly("sh", "shell:run")), RequestError, refused(Problem::forbidden));
    const Principal careful{1, "root", Role::admin, Scope::write};
    BOOST_CHECK_EXCEPTION(jobs.add(as(careful), hourly("sh", "shell:run")), RequestError, refused(Problem::forbidden));
    jobs.add(as(root), hourly("sh", "shell:run"));
    jobs.add(as(olga), hourly("plain"));

    service::JobEdit rename;
    rename.name = "other";
    BOOST_CHECK_EXCEPTION(jobs.edit(as(olga), "sh", rename), RequestError, refused(Problem::forbidden));
    service::JobEdit into_shell;
    into_shell.func = func("shell:run");
    BOOST_CHECK_EXCEPTION(jobs.edit(as(olga), "plain", into_shell), RequestError, refused(Problem::forbidden));
    auto replace = hourly("sh");
    replace.replace_existing = true;
    BOOST_CHECK_EXCEPTION(jobs.add(as(olga), replace), RequestError, refused(Problem::forbidden));
    BOOST_CHECK_EXCEPTION(jobs.run_now(as(olga), "sh", {"[\"id\"]", {}}), RequestError, refused(Problem::forbidden));
    BOOST_CHECK_EXCEPTION(jobs.remove(as(olga), "sh"), RequestError, refused(Problem::forbidden));
    BOOST_CHECK_EXCEPTION(jobs.remove(as(careful), "sh"), RequestError, refused(Problem::forbidden));

    jobs.run_now(as(olga), "sh");  // as it was saved by an admin: anybody who may run jobs
    jobs.pause(as(olga), "sh");
    jobs.resume(as(olga), "sh");
    BOOST_TEST(jobs.get(as(olga), "sh").definition.name == "sh");
    jobs.remove(as(root), "sh");
    jobs.remove(as(olga), "plain");
    BOOST_TEST(jobs.list(as(vera)).items.empty());
}

BOOST_AUTO_TEST_CASE(what_an_admin_has_replaced_is_run_again_by_admins_only) {
    auto danger = hourly("sh", "shell:run");
    danger.fields.args = "[\"old\"]";
    danger.fields.max_instances = 5;
    jobs.add(as(root), danger);
    const auto fail_one = [&] {
        const std::string failed = store->public_ids().hex(raw(jobs.run_now(as(olga), "sh")));
        store::TurnIn in;
        for (const auto& run : turn(1).assigned) {
            store::Finished end;
            end.run = run.run;
            end.claim = run.claim;
            end.verdict.state = RunState::failed;
            end.next = NextAttempt{clock.now() + 3600 * kSecond, true};
            in.finished.push_back(end);
        }
        store->turn(fence, in, [](const DueJob& due, Micros now, Micros awake) { return plan(due, now, awake); });
        return failed;
    };
    const auto state_of_retry = [&] { return runs().front().state; };
    const std::string as_it_is = fail_one();
    jobs.retry(as(olga), as_it_is);
    turn(1);
    clock.advance(kSecond);

    const std::string replaced = fail_one();
    for (const char* func_now : {"shell:run", "tasks:ok"}) {
        service::JobEdit harmless;
        harmless.func = func(func_now);
        harmless.args = "[\"new\"]";
        jobs.edit(as(root), "sh", harmless);
        BOOST_CHECK_EXCEPTION(jobs.retry(as(olga), replaced), RequestError, refused(Problem::forbidden));
        BOOST_TEST((state_of_retry() == RunState::waiting));
    }
    service::JobOptions options;
    options.privileged.allowed = false;
    service::Jobs open(*store, functions, vault, options);
    BOOST_CHECK_EXCEPTION(open.retry(as(root), replaced), RequestError, refused(Problem::forbidden));
    jobs.retry(as(root), replaced);
    BOOST_TEST((state_of_retry() == RunState::ready));
    BOOST_TEST(runs().front().def->args == "[\"old\"]");
}

BOOST_AUTO_TEST_CASE(without_authentication_nobody_touches_privileged_modules) {
    jobs.add(as(root), hourly("sh", "shell:run"));
    jobs.add(as(root), hourly("plain"));
    const std::string failed = store->public_ids().hex(raw(jobs.run_now(as(root), "sh")));
    turn(1);

    service::JobOptions options;
    options.privileged.allowed = false;
    service::Jobs open(*store, functions, vault, options);
    service::JobEdit rename, into_shell;
    rename.name = "other";
    into_shell.func = func("shell:run");
    auto replace = hourly("sh");
    replace.replace_existing = true;
    const std::vector<std::function<void()>> attempts{
        [&] { open.add(as(root), hourly("new", "shell:run")); },
        [&] { open.add(as(root), replace); },
        [&] { open.edit(as(root), "sh", rename); },
        [&] { open.edit(as(root), "plain", into_shell); },
        [&] { open.run_now(as(root), "sh"); },
        [&] { open.remove(as(root), "sh"); },
        [&] { open.resume(as(root), "sh"); },
        [&] { open.retry(as(root), failed); },
        [&] {
            open.run_now(as(root), "sh", {"[\"id\"]", {}});
        },
    };
    for (const auto& attempt : attempts) BOOST_CHECK_EXCEPTION(attempt(), RequestError, refused(Problem::forbidden));
    open.run_now(as(root), "plain");
    open.resume(as(root), "plain");
    open.pause(as(root), "sh");
    open.remove(as(root), "plain");
    BOOST_CHECK_EXCEPTION(open.resume(as(root), "sh"), RequestError, refused(Problem::forbidden));
}

BOOST_AUTO_TEST_SUITE_END()
