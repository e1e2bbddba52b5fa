#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace foliot;
using foliot::testing::refused;
using foliot::testing::Setup;

namespace {

std::vector<std::string> many_tags(int count) {
    std::vector<std::string> tags;
    for (int i = 0; i < count; ++i) tags.push_back("tag" + std::to_string(i));
    return tags;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(jobs, Setup)

BOOST_AUTO_TEST_CASE(an_added_job_is_read_back_with_defaults_and_its_next_run) {
    const auto added = jobs.add(as(olga), hourly("a")).job;
    BOOST_REQUIRE(added);
    BOOST_TEST(added->state.id == "a");
    BOOST_TEST(added->definition.name == "a");
    BOOST_TEST(added->definition.args == "[]");
    BOOST_TEST(added->definition.misfire_grace.value() == 3600 * kSecond);
    BOOST_TEST(added->state.next_fire.value() == clock.now() + 3600 * kSecond);
    BOOST_TEST((jobs.get(as(vera), "a").definition == added->definition));
    BOOST_TEST(events() == std::vector<std::string>{"added"});
    BOOST_TEST(audit().front().actor == "olga");
    BOOST_TEST(audit().front().via == "test");
}

BOOST_AUTO_TEST_CASE(a_job_without_id_gets_one_and_the_name_of_its_function) {
    auto wish = hourly("");
    wish.id.reset();
    const auto added = jobs.add(as(olga), wish).job;
    BOOST_REQUIRE(added);
    BOOST_TEST(added->state.id.size() == 32U);
    BOOST_TEST(added->definition.name == "ok");
}

BOOST_AUTO_TEST_CASE(a_job_without_trigger_is_due_at_once) {
    auto wish = hourly("a");
    wish.fields.trigger = nullptr;
    const auto added = jobs.add(as(olga), wish).job;
    BOOST_REQUIRE(added);
    BOOST_TEST(added->state.next_fire.value() == clock.now());
    turn();
    BOOST_TEST(runs().size() == 1U);
    BOOST_CHECK_EXCEPTION(jobs.get(as(olga), "a"), RequestError, refused(Problem::not_found));
}

BOOST_AUTO_TEST_CASE(a_date_long_past_is_accounted_for_as_missed_and_with_unlimited_grace_it_runs) {
    auto late = hourly("late");
    late.fields.trigger = at(clock.now() - 86400 * kSecond);
    BOOST_TEST(jobs.add(as(olga), late).job->state.next_fire.value() == clock.now() - 86400 * kSecond);
    auto patient = late;
    patient.id = "patient";
    patient.fields.misfire_grace = std::optional<Micros>();
    jobs.add(as(olga), patient);
    turn();
    BOOST_REQUIRE(runs().size() == 2U);
    for (const auto& run : runs()) {
        BOOST_TEST((run.job_id == "late" ? run.state == RunState::missed : run.state == RunState::ready));
    }
}

BOOST_AUTO_TEST_CASE(the_wishes_of_a_function_fill_what_a_new_job_does_not_say) {
    auto wish = hourly("a", "tasks:patient");
    wish.fields.retry.max_retries = 1;
    const Definition definition = jobs.add(as(olga), wish).job->definition;
    BOOST_TEST(definition.retry.max_retries == 1);
    BOOST_TEST(definition.retry.delay == 7 * kSecond);
    BOOST_TEST(definition.timeout == 90 * kSecond);
}

BOOST_AUTO_TEST_CASE(what_neither_job_nor_function_says_comes_from_the_configuration) {
    service::JobOptions options;
    options.defaults.retry = {.max_retries = 2, .delay = 3 * kSecond, .factor = 5.0, .max_delay = 50 * kSecond};
    options.defaults.timeout = 30 * kSecond;
    service::Jobs configured{*store, functions, vault, options};
    const Definition patient = configured.add(as(olga), hourly("a", "tasks:patient")).job->definition;
    BOOST_TEST((patient.retry == RetryPolicy{4, 7 * kSecond, 5.0, 50 * kSecond}));
    BOOST_TEST(patient.timeout == 90 * kSecond);
    const Definition plain = configured.add(as(olga), hourly("b")).job->definition;
    BOOST_TEST((plain.retry == options.defaults.retry));
    BOOST_TEST(plain.timeout == 30 * kSecond);
}

BOOST_AUTO_TEST_CASE(tags_are_kept_sorted_and_an_edit_shows_in_the_audit) {
    auto wish = hourly("a");
    wish.fields.tags = {"web", "db"};
    wish.fields.deadline = 60 * kSecond;
    BOOST_TEST(jobs.add(as(olga), wish).job->definition.tags == (std::vector<std::string>{"db", "web"}));
    service::JobEdit edit;
    edit.tags = many_tags(32);
    edit.deadline = 0;
    BOOST_TEST(jobs.edit(as(olga), "a", edit)->definition.tags.size() == 32U);
    const std::string after = audit().front().after;
    BOOST_TEST(after.find("deadline: 60 -> 0") != std::string::npos);
    BOOST_TEST(after.find(R"(tags: ["db","web"] -> ["tag0","tag1",)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(misfire_policy_and_coalesce_say_one_thing_and_the_policy_wins) {
    struct Case {
        std::optional<bool> coalesce;
        std::optional<MisfirePolicy> policy;
        bool coalesced;
        MisfirePolicy misfire;
    };
    using enum MisfirePolicy;
    const std::vector<Case> cases{{{}, {}, true, once},       {true, {}, true, once},  {false, {}, false, all},
                                  {{}, all, false, all},      {true, all, false, all}, {false, once, true, once},
                                  {false, skip, false, skip}, {{}, skip, true, skip}};
    int n = 0;
    for (const Case& c : cases) {
        auto wish = hourly("policy" + std::to_string(++n));
        wish.fields.coalesce = c.coalesce;
        wish.fields.misfire = c.policy;
        const Definition definition = jobs.add(as(olga), wish).job->definition;
        BOOST_TEST(definition.coalesce == c.coalesced, n);
        BOOST_TEST((definition.misfire == c.misfire), n);
    }
    service::JobEdit edit;
    edit.coalesce = true;  // policy7 skips late fires, and that is not what coalesce is about
    BOOST_TEST((jobs.edit(as(olga), "policy7", edit)->definition.misfire == skip));
    BOOST_TEST((jobs.edit(as(olga), "policy4", edit)->definition.misfire == once));
    BOOST_TEST(audit().front().after.find("misfire_policy: \"all\" -> \"once\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_rule_of_a_new_job_has_a_default) {
    service::JobOptions options;
    options.defaults.misfire = MisfirePolicy::skip;
    options.defaults.coalesce = false;
    options.defaults.max_queued = 3;
    options.defaults.priority = 8;
    options.defaults.isolation = Isolation::fresh;
    service::Jobs configured{*store, functions, vault, options};
    const Definition plain = configured.add(as(olga), hourly("a")).job->definition;
    BOOST_TEST((plain.misfire == MisfirePolicy::skip));
    BOOST_TEST(!plain.coalesce);
    BOOST_TEST(plain.max_queued == 3);
    BOOST_TEST(plain.priority == 8);
    BOOST_TEST((plain.isolation == Isolation::fresh));
}

BOOST_AUTO_TEST_CASE(a_refused_job_leaves_no_trace) {
    struct Case {
        std::string field;
        std::function<void(service::NewJob&)> spoil;
    };
    const std::vector<Case> cases{
        {"func", [](auto& job) { job.fields.func.reset(); }},
        {"func", [](auto& job) { job.fields.func = func("tasks:nope"); }},
        {"one", [](auto& job) { job.fields.func = func("tasks:two"); }},
        {"id", [](auto& job) { job.id = ""; }},
        {"id", [](auto& job) { job.id = std::string(513, 'x'); }},
        {"id", [](auto& job) { job.id = std::string("a\0b", 3); }},
        {"name", [](auto& job) { job.fields.name = ""; }},
        {"max_instances", [](auto& job) { job.fields.max_instances = 0; }},
        {"priority", [](auto& job) { job.fields.priority = 10; }},
        {"max_retries", [](auto& job) { job.fields.retry.max_retries = -1; }},
        {"max_queued", [](auto& job) { job.fields.max_queued = -1; }},
        {"retry_delay", [](auto& job) { job.fields.retry.delay = -1; }},
        {"retry_backoff", [](auto& job) { job.fields.retry.factor = 0.5; }},
        {"retry_backoff", [](auto& job) { job.fields.retry.factor = 1001; }},
        {"retry_max_delay", [](auto& job) { job.fields.retry.max_delay = -1; }},
        {"max_runs", [](auto& job) { job.fields.max_runs = std::optional<std::int64_t>(0); }},
        {"timeout", [](auto& job) { job.fields.timeout = -1; }},
        {"deadline", [](auto& job) { job.fields.deadline = -1; }},
        {"deadline", [](auto& job) { job.fields.deadline = std::numeric_limits<Micros>::max(); }},
        {"tags",
         [](auto& job) {
             job.fields.tags = {"a", ""};
         }},
        {"tags",
         [](auto& job) {
             job.fields.tags = {"b", "a", "b"};
         }},
        {"tags", [](auto& job) { job.fields.tags = {std::string(129, 'x')}; }},
        {"tags", [](auto& job) { job.fields.tags = {"\xFF"}; }},
        {"tags", [](auto& job) { job.fields.tags = many_tags(33); }},
        {"limits", [](auto& job) { job.fields.limits = ResourceLimits{.memory = 1}; }},
        {"limits", [](auto& job) { job.fields.limits = ResourceLimits{.output = 0}; }},
        {"limits", [](auto& job) { job.fields.limits = ResourceLimits{.nice = -1}; }},
    };
    for (const Case& c : cases) {
        auto wish = hourly("a");
        c.spoil(wish);
        BOOST_CHECK_EXCEPTION(jobs.add(as(olga), wish), RequestError, refused(Problem::invalid, c.field));
    }
    auto large = hourly("a");
    large.fields.args = "[\"" + std::string(300'000, 'x') + "\"]";
    BOOST_CHECK_EXCEPTION(jobs.add(as(olga), large), RequestError, refused(Problem::too_large, "args"));
    BOOST_TEST(jobs.list(as(vera)).items.empty());
    BOOST_TEST(audit().empty());
}

BOOST_AUTO_TEST_CASE(an_id_in_use_is_a_conflict_unless_it_may_be_replaced) {
    jobs.add(as(olga), hourly("a"));
    const JobKey key = jobs.get(as(olga), "a").state.key;
    auto second = hourly("a", "tasks:two");
    second.fields.args = "[1,2]";
    try {
        jobs.add(as(olga), second);
        BOOST_ERROR("not refused");
    } catch (const RequestError& e) {
        BOOST_TEST((e.problem() == Problem::conflict));
        BOOST_TEST(e.what() == "Job a already exists.");
    }
    second.replace_existing = true;
    const auto replaced = jobs.add(as(olga), second).job;
    BOOST_REQUIRE(replaced);
    BOOST_TEST((replaced->state.key == key));
    BOOST_TEST(replaced->definition.func.text() == "tasks:two");
    BOOST_TEST(events() == (std::vector<std::string>{"added", "modified"}));
}

BOOST_AUTO_TEST_CASE(replacing_a_paused_job_makes_it_active_and_replacing_with_no_next_run_pauses_it) {
    jobs.add(as(olga), hourly("a"));
    jobs.pause(as(olga), "a");
    auto again = hourly("a");
    again.replace_existing = true;
    BOOST_TEST((jobs.add(as(olga), again).job->state.status == JobStatus::active));
    again.fields.next_run = service::NextRun{};
    const auto paused = jobs.add(as(olga), again).job;
    BOOST_TEST((paused->state.status == JobStatus::paused));
    BOOST_TEST(!paused->state.next_fire);
}

BOOST_AUTO_TEST_CASE(the_list_is_by_next_run_then_id_with_paused_jobs_last) {
    auto soon = hourly("z");
    soon.fields.trigger = every(60 * kSecond);
    jobs.add(as(olga), soon);
    jobs.add(as(olga), hourly("c"));
    jobs.add(as(olga), hourly("b"));
    jobs.add(as(olga), hourly("a"));
    jobs.pause(as(olga), "a");
    std::string order;
    for (const Job& job : jobs.list(as(vera)).items) order += job.state.id;
    BOOST_TEST(order == "zbca");
}

BOOST_AUTO_TEST_CASE(an_edit_changes_what_it_says_and_keeps_the_rest) {
    auto wish = hourly("a");
    wish.fields.args = "[1.0, 1e300]";
    jobs.add(as(olga), wish);
    service::JobEdit edit;
    edit.name = "new name";
    edit.max_instances = 3;
    const auto edited = jobs.edit(as(olga), "a", edit);
    BOOST_REQUIRE(edited);
    BOOST_TEST(edited->definition.name == "new name");
    BOOST_TEST(edited->definition.args == "[1.0, 1e300]");
    BOOST_TEST(edited->state.next_fire.value() == clock.now() + 3600 * kSecond);
    BOOST_TEST(audit().front().after == "name: \"a\" -> \"new name\"\nmax_instances: 1 -> 3");
}

BOOST_AUTO_TEST_CASE(an_edit_is_all_or_nothing) {
    jobs.add(as(olga), hourly("a"));
    const Job before = jobs.get(as(olga), "a");
    service::JobEdit edit;
    edit.trigger = every(60 * kSecond);
    edit.max_instances = 0;
    BOOST_CHECK_EXCEPTION(jobs.edit(as(olga), "a", edit), RequestError, refused(Problem::invalid, "max_instances"));
    edit.max_instances = 2;
    edit.func = func("tasks:two");
    BOOST_CHECK_EXCEPTION(jobs.edit(as(olga), "a", edit), RequestError, refused(Problem::invalid, "one"));
    const Job after = jobs.get(as(olga), "a");
    BOOST_TEST((after.definition == before.definition));
    BOOST_TEST(after.state.rev == before.state.rev);
    BOOST_TEST(after.state.next_fire.value() == before.state.next_fire.value());
    BOOST_TEST(events() == std::vector<std::string>{"added"});
}

BOOST_AUTO_TEST_CASE(an_edit_of_the_trigger_books_what_was_due_under_the_old_one) {
    auto wish = hourly("a");
    wish.fields.trigger = every(60 * kSecond);
    jobs.add(as(olga), wish);
    clock.advance(60 * kSecond);
    service::JobEdit edit;
    edit.trigger = every(3600 * kSecond);
    const auto edited = jobs.edit(as(olga), "a", edit);
    BOOST_REQUIRE(edited);
    BOOST_TEST(edited->state.next_fire.value() == clock.now() + 3600 * kSecond);
    BOOST_REQUIRE(runs().size() == 1U);
    BOOST_TEST(runs().front().nominal == clock.now());
    BOOST_TEST(runs().front().fires == 1);
}

BOOST_AUTO_TEST_CASE(a_fire_that_an_edit_booked_is_not_planned_again_by_the_new_trigger) {
    auto wish = hourly("a");
    wish.fields.trigger = every(60 * kSecond);
    jobs.add(as(olga), wish);
    clock.advance(60 * kSecond);
    service::JobEdit twice_as_often;
    twice_as_often.trigger = [](const trigger::Trigger* present, Micros) -> trigger::Trigger {
        auto interval = std::get<trigger::Interval>(*present);
        interval.every = 30 * kSecond;
        return interval;
    };
    BOOST_TEST(jobs.edit(as(olga), "a", twice_as_often)->state.next_fire.value() == clock.now() + 30 * kSecond);
    turn();
    BOOST_TEST(runs().size() == 1U);
}

BOOST_AUTO_TEST_CASE(runs_that_wait_when_their_job_is_paused_go_on_when_it_is_resumed) {
    auto wish = hourly("a");
    wish.fields.trigger = every(60 * kSecond);
    jobs.add(as(olga), wish);
    clock.advance(60 * kSecond);
    turn();
    jobs.pause(as(olga), "a");
    BOOST_TEST(turn(1).assigned.empty());
    jobs.resume(as(olga), "a");
    BOOST_TEST(turn(1).assigned.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_paused_job_stays_paused_when_its_trigger_changes) {
    jobs.add(as(olga), hourly("a"));
    jobs.pause(as(olga), "a");
    service::JobEdit edit;
    edit.trigger = every(60 * kSecond);
    const auto edited = jobs.edit(as(olga), "a", edit);
    BOOST_REQUIRE(edited);
    BOOST_TEST((edited->state.status == JobStatus::paused));
    BOOST_TEST(!edited->state.next_fire);
    BOOST_TEST(jobs.resume(as(olga), "a")->state.next_fire.value() == clock.now() + 60 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_next_run_set_by_hand_moves_the_grid_of_an_interval) {
    jobs.add(as(olga), hourly("a"));
    const Micros hand = clock.now() + 90 * kSecond;
    service::JobEdit edit;
    edit.next_run = service::NextRun{hand, 0};
    BOOST_TEST(jobs.edit(as(olga), "a", edit)->state.next_fire.value() == hand);
    clock.advance(90 * kSecond);
    turn();
    BOOST_REQUIRE(runs().size() == 1U);
    BOOST_TEST(runs().front().nominal == hand);
    BOOST_TEST(jobs.get(as(olga), "a").state.next_fire.value() == hand + 3600 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_deleted_job_leaves_nothing_in_the_queue) {
    jobs.add(as(olga), hourly("a"));
    jobs.run_now(as(olga), "a");
    jobs.remove(as(olga), "a");
    BOOST_REQUIRE(runs().size() == 1U);
    BOOST_TEST((runs().front().state == RunState::stopped));
    BOOST_TEST(runs().front().reason == "deleted");
}

BOOST_AUTO_TEST_CASE(a_next_run_far_in_the_past_is_refused_instead_of_inventing_history) {
    jobs.add(as(olga), hourly("a"));
    service::JobEdit edit;
    edit.next_run = service::NextRun{0, 0};
    BOOST_CHECK_THROW(jobs.edit(as(olga), "a", edit), RequestError);
}

BOOST_AUTO_TEST_CASE(a_job_with_nothing_left_to_fire_can_be_edited_and_paused) {
    auto wish = hourly("over");
    wish.fields.trigger = [](const trigger::Trigger*, Micros now) -> trigger::Trigger {
        return trigger::Interval{kSecond, now - 60 * kSecond, now - 30 * kSecond, 0};
    };
    BOOST_TEST(!jobs.add(as(olga), wish).job->state.next_fire);
    service::JobEdit edit;
    edit.name = "another name";
    BOOST_TEST(jobs.edit(as(olga), "over", edit)->definition.name == "another name");
    BOOST_TEST(jobs.pause(as(olga), "over").has_value());
    BOOST_TEST(jobs.get(as(olga), "over").definition.name == "another name");
}

BOOST_AUTO_TEST_CASE(a_next_run_set_by_hand_gives_a_cron_one_extra_fire) {
    clock.advance(10 * kSecond);  // off the hour
    auto wish = hourly("a");
    wish.fields.trigger = [](const trigger::Trigger*, Micros) -> trigger::Trigger {
        std::array<std::optional<std::string>, trigger::kFieldCount> given;
        given[static_cast<std::size_t>(trigger::Field::minute)] = "0";
        return trigger::make_cron(given, std::nullopt, std::nullopt);
    };
    const Micros first = jobs.add(as(olga), wish).job->state.next_fire.value();
    const Micros hand = clock.now() + 7 * kSecond;
    service::JobEdit edit;
    edit.next_run = service::NextRun{hand, 0};
    BOOST_TEST(jobs.edit(as(olga), "a", edit)->state.next_fire.value() == hand);
    clock.advance(7 * kSecond);
    turn();
    BOOST_REQUIRE(runs().size() == 1U);
    BOOST_TEST(runs().front().nominal == hand);
    BOOST_TEST(jobs.get(as(olga), "a").state.next_fire.value() == first);
}

BOOST_AUTO_TEST_CASE(no_next_run_pauses_and_a_next_run_resumes) {
    jobs.add(as(olga), hourly("a"));
    service::JobEdit pause;
    pause.next_run = service::NextRun{};
    BOOST_TEST((jobs.edit(as(olga), "a", pause)->state.status == JobStatus::paused));
    service::JobEdit go_on;
    go_on.next_run = service::NextRun{clock.now() + kSecond, 0};
    const auto resumed = jobs.edit(as(olga), "a", go_on);
    BOOST_TEST((resumed->state.status == JobStatus::active));
    BOOST_TEST(resumed->state.next_fire.value() == clock.now() + kSecond);
}

BOOST_AUTO_TEST_CASE(pause_and_resume_are_idempotent_and_what_was_slept_through_is_one_skipped_row) {
    auto wish = hourly("a");
    wish.fields.trigger = every(60 * kSecond);
    jobs.add(as(olga), wish);
    BOOST_TEST(!jobs.pause(as(olga), "a")->state.next_fire);
    BOOST_TEST(!jobs.pause(as(olga), "a")->state.next_fire);
    clock.advance(200 * kSecond);
    BOOST_TEST(jobs.resume(as(olga), "a")->state.next_fire.value() == clock.now() + 40 * kSecond);
    BOOST_TEST(jobs.resume(as(olga), "a")->state.next_fire.value() == clock.now() + 40 * kSecond);
    BOOST_REQUIRE(runs().size() == 1U);
    BOOST_TEST((runs().front().state == RunState::skipped));
    BOOST_TEST(runs().front().reason == "paused");
    BOOST_TEST(runs().front().fires == 3);
    BOOST_TEST(events() == (std::vector<std::string>{"added", "paused", "resumed"}));
}

BOOST_AUTO_TEST_CASE(resuming_a_job_with_nothing_left_ends_it) {
    auto wish = hourly("a");
    wish.fields.trigger = at(clock.now() + kSecond);
    jobs.add(as(olga), wish);
    jobs.pause(as(olga), "a");
    clock.advance(2 * kSecond);
    BOOST_TEST(!jobs.resume(as(olga), "a"));
    BOOST_CHECK_EXCEPTION(jobs.get(as(olga), "a"), RequestError, refused(Problem::not_found));
}

BOOST_AUTO_TEST_CASE(a_removed_job_is_gone_and_its_due_fire_is_accounted_for) {
    auto wish = hourly("a");
    wish.fields.trigger = every(60 * kSecond);
    jobs.add(as(olga), wish);
    clock.advance(60 * kSecond);
    jobs.remove(as(olga), "a");
    BOOST_CHECK_EXCEPTION(jobs.remove(as(olga), "a"), RequestError, refused(Problem::not_found));
    BOOST_REQUIRE(runs().size() == 1U);
    BOOST_TEST((runs().front().state == RunState::skipped));
    BOOST_TEST(runs().front().reason == "deleted");
    BOOST_TEST(events().back() == "deleted");
    BOOST_TEST(audit().front().before.find("tasks") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_run_by_hand_is_queued_recorded_and_leaves_the_schedule_alone) {
    jobs.add(as(olga), hourly("a"));
    jobs.pause(as(olga), "a");
    const RunId run = jobs.run_now(as(olga), "a");
    BOOST_REQUIRE(runs().size() == 1U);
    BOOST_TEST((runs().front().id == run));
    BOOST_TEST((runs().front().origin == Origin::manual));
    BOOST_TEST(runs().front().fires == 0);
    BOOST_TEST(!jobs.get(as(olga), "a").state.next_fire);
    BOOST_TEST(audit().front().event == "custom_run");
    BOOST_TEST(audit().front().after == executions.id_of(run));
}

BOOST_AUTO_TEST_CASE(arguments_of_a_run_by_hand_are_checked) {
    auto wish = hourly("a", "tasks:two");
    wish.fields.args = "[1,2]";
    jobs.add(as(olga), wish);
    BOOST_CHECK_EXCEPTION(jobs.run_now(as(olga), "a", {"[1]", {}}), RequestError, refused(Problem::invalid, "other"));
    jobs.run_now(as(olga), "a", {"[3,4]", {}});
    BOOST_TEST(runs().front().args.value() == "[3,4]");
}

BOOST_AUTO_TEST_CASE(unknown_ids_are_told_by_name) {
    const std::vector<std::function<void()>> calls{
        [&] { jobs.get(as(root), "x y"); },    [&] { jobs.edit(as(root), "x y", {}); },
        [&] { jobs.pause(as(root), "x y"); },  [&] { jobs.resume(as(root), "x y"); },
        [&] { jobs.remove(as(root), "x y"); }, [&] { jobs.run_now(as(root), "x y"); },
    };
    for (const auto& call : calls) {
        BOOST_CHECK_EXCEPTION(call(), RequestError, [](const RequestError& e) {
            return e.problem() == Problem::not_found && std::string(e.what()) == "Job x y not found";
        });
    }
    BOOST_TEST(audit().empty());
}

BOOST_AUTO_TEST_SUITE_END()
