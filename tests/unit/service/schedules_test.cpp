// Shared schedules: who uses one moves with it, and no fire is lost on the way.
#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

using namespace foliot;
using foliot::testing::refused;
using foliot::testing::Setup;
using service::ScheduleEdit;

namespace {

constexpr Micros kHour = 3'600 * kSecond;

struct SchedulesSetup : Setup {
    static ScheduleEdit period(Micros length, bool once = false) {
        ScheduleEdit edit;
        edit.once = once;
        edit.rule = [length](const trigger::Rule*, Micros now) -> trigger::Rule {
            return trigger::Interval{.every = length, .start = now + length, .end = {}};
        };
        return edit;
    }
    static ScheduleEdit timestamp(Micros at) {
        ScheduleEdit edit;
        edit.rule = [at](const trigger::Rule*, Micros) -> trigger::Rule { return trigger::Date{at}; };
        return edit;
    }
    static service::TriggerEdit use(std::int64_t id) {
        return [id](const trigger::Trigger*, Micros) -> trigger::Trigger {
            return trigger::Shared{.schedule = id, .rev = 0, .rule = {}};
        };
    }
    std::optional<Job> add_user(const std::string& id, std::int64_t schedule, const std::string& func = "tasks:ok") {
        service::NewJob job = hourly(id, func);
        job.fields.trigger = use(schedule);
        return jobs.add(as(root), job).job;
    }
    JobState state(const std::string& id) { return store->read()->latest_job(id).value().job.state; }
    Micros next_in(const std::string& id) { return state(id).next_fire.value() - clock.now(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(schedules_of_jobs, SchedulesSetup)

BOOST_AUTO_TEST_CASE(a_change_moves_every_job_and_books_what_was_due_before) {
    const auto made = schedules.get(as(root), schedules.add(as(root), period(kHour)));
    add_user("a", made.id);
    add_user("b", made.id);
    clock.advance(kHour);
    schedules.edit(as(root), made.id, period(600 * kSecond));
    for (const char* id : {"a", "b"}) {
        BOOST_TEST(next_in(id) == 600 * kSecond);
        BOOST_TEST(store->read()->fires_accounted(state(id).key) == 1);
    }
    clock.advance(600 * kSecond);
    BOOST_TEST(turn(10).assigned.size() == 2U);  // the fires before the change
    for (const char* id : {"a", "b"}) BOOST_TEST(store->read()->fires_accounted(state(id).key) == 2);
    BOOST_TEST(schedules.users(as(vera), made.id) == (std::vector<std::string>{"a", "b"}));
    BOOST_TEST(events() == (std::vector<std::string>{"added", "added", "added", "modified", "modified", "modified"}));
}

BOOST_AUTO_TEST_CASE(what_does_not_change_when_it_fires_moves_nobody) {
    const auto made = schedules.get(as(root), schedules.add(as(root), period(kHour)));
    add_user("a", made.id);
    const JobState before = state("a");
    ScheduleEdit edit;
    edit.name = std::optional<std::string>("nightly");
    edit.rule = [](const trigger::Rule* present, Micros) { return *present; };
    BOOST_TEST(schedules.edit(as(root), made.id, edit).name.value() == "nightly");
    BOOST_TEST(state("a").rev == before.rev);
    BOOST_TEST(state("a").next_fire.value() == before.next_fire.value());
}

BOOST_AUTO_TEST_CASE(paused_jobs_follow_and_stay_paused) {
    const auto made = schedules.get(as(root), schedules.add(as(root), period(kHour)));
    add_user("a", made.id);
    jobs.pause(as(root), "a");
    schedules.edit(as(root), made.id, period(60 * kSecond));
    BOOST_TEST((state("a").status == JobStatus::paused));
    jobs.resume(as(root), "a");
    BOOST_TEST(next_in("a") == 60 * kSecond);
}

BOOST_AUTO_TEST_CASE(once_with_a_period_is_one_fire_of_each_job_that_long_after_it_was_added) {
    const auto made = schedules.get(as(root), schedules.add(as(root), period(kHour, true)));
    clock.advance(20 * kHour);
    add_user("a", made.id);
    BOOST_TEST(next_in("a") == kHour);
    clock.advance(kHour);
    BOOST_TEST(turn(10).assigned.size() == 1U);
    BOOST_TEST((state("a").status == JobStatus::finished));
    BOOST_TEST(schedules.users(as(root), made.id).empty());
}

BOOST_AUTO_TEST_CASE(who_begins_with_an_instant_that_has_passed_is_over_and_fires_nothing) {
    const auto made = schedules.get(as(root), schedules.add(as(root), timestamp(clock.now() - kHour)));
    BOOST_TEST(made.fires_once());
    add_user("a", made.id);
    jobs.add(as(root), hourly("b"));
    service::JobEdit edit;
    edit.trigger = use(made.id);
    jobs.edit(as(root), "b", edit);
    BOOST_TEST(turn(10).assigned.empty());
    BOOST_TEST(runs().empty());
    for (const char* id : {"a", "b"}) BOOST_TEST((state(id).status == JobStatus::finished));
    schedules.remove(as(root), made.id, false);
}

BOOST_AUTO_TEST_CASE(who_is_moved_to_an_instant_that_has_passed_waits_for_the_schedule_to_move_again) {
    const auto made = schedules.get(as(root), schedules.add(as(root), timestamp(clock.now() + kHour)));
    add_user("a", made.id);
    schedules.edit(as(root), made.id, timestamp(clock.now() - kHour));
    BOOST_TEST(!state("a").next_fire);
    BOOST_TEST(turn(10).assigned.empty());
    service::JobEdit edit;
    edit.name = "still there";
    edit.trigger = use(made.id);
    jobs.edit(as(root), "a", edit);
    BOOST_TEST(turn(10).assigned.empty());
    schedules.edit(as(root), made.id, timestamp(clock.now() + kHour));
    BOOST_TEST(next_in("a") == kHour);
}

BOOST_AUTO_TEST_CASE(who_begins_paused_with_an_instant_that_has_passed_is_over_when_resumed) {
    const auto made = schedules.get(as(root), schedules.add(as(root), timestamp(clock.now() - kHour)));
    service::NewJob job = hourly("a");
    job.fields.trigger = use(made.id);
    job.fields.next_run = service::NextRun{std::nullopt, 0};
    jobs.add(as(root), job);
    BOOST_TEST(turn(10).assigned.empty());
    BOOST_TEST((state("a").status == JobStatus::paused));
    jobs.resume(as(root), "a");
    BOOST_TEST((state("a").status == JobStatus::finished));
}

BOOST_AUTO_TEST_CASE(a_job_keeps_its_times_when_it_names_the_same_schedule_again) {
    const auto made = schedules.get(as(root), schedules.add(as(root), period(kHour, true)));
    add_user("a", made.id);
    clock.advance(60 * kSecond);
    service::JobEdit edit;
    edit.trigger = use(made.id);
    jobs.edit(as(root), "a", edit);
    BOOST_TEST(next_in("a") == kHour - 60 * kSecond);
}

BOOST_AUTO_TEST_CASE(there_must_be_such_a_schedule) {
    BOOST_CHECK_EXCEPTION(add_user("a", 7), RequestError, refused(Problem::invalid, "schedule"));
    BOOST_CHECK_EXCEPTION(schedules.get(as(root), 7), RequestError, refused(Problem::not_found));
    BOOST_CHECK_EXCEPTION(schedules.edit(as(root), 7, {}), RequestError, refused(Problem::not_found));
    BOOST_CHECK_EXCEPTION(schedules.remove(as(root), 7, true), RequestError, refused(Problem::not_found));
    BOOST_CHECK_EXCEPTION(schedules.add(as(root), {}), RequestError, refused(Problem::invalid, "config"));
    BOOST_CHECK_EXCEPTION(schedules.looked_up(as(root), trigger::Shared{.schedule = 7, .rev = 0, .rule = {}}),
                          RequestError, refused(Problem::invalid, "schedule"));
    BOOST_TEST(events().empty());
}

BOOST_AUTO_TEST_CASE(one_that_is_used_goes_only_when_its_jobs_are_let_go) {
    const auto made = schedules.get(as(root), schedules.add(as(root), period(kHour)));
    add_user("a", made.id);
    add_user("paused", made.id);
    jobs.pause(as(root), "paused");
    const Micros next = state("a").next_fire.value();
    BOOST_CHECK_EXCEPTION(schedules.remove(as(root), made.id, false), RequestError, refused(Problem::conflict));
    schedules.remove(as(root), made.id, true);
    BOOST_TEST(state("a").next_fire.value() == next);
    BOOST_TEST((state("paused").status == JobStatus::paused));
    const auto kept = store->read()->job("a").value().definition.trigger;
    BOOST_TEST(std::get<trigger::Interval>(kept).every == kHour);
    BOOST_CHECK_EXCEPTION(schedules.get(as(root), made.id), RequestError, refused(Problem::not_found));
}

BOOST_AUTO_TEST_CASE(who_may_not_edit_a_job_may_not_move_it) {
    const auto made = schedules.get(as(root), schedules.add(as(olga), period(kHour)));
    add_user("a", made.id);
    add_user("sh", made.id, "shell:run");
    const auto before = state("a").next_fire;
    BOOST_CHECK_EXCEPTION(schedules.edit(as(olga), made.id, period(60 * kSecond)), RequestError,
                          refused(Problem::forbidden));
    BOOST_CHECK_EXCEPTION(schedules.remove(as(olga), made.id, true), RequestError, refused(Problem::forbidden));
    BOOST_TEST(state("a").next_fire.value() == before.value());
    BOOST_TEST(schedules.get(as(vera), made.id).rev == 1);
    schedules.edit(as(root), made.id, period(60 * kSecond));
    BOOST_TEST(next_in("sh") == 60 * kSecond);
    BOOST_CHECK_EXCEPTION(schedules.add(as(vera), period(kHour)), RequestError, refused(Problem::forbidden));
    BOOST_CHECK_EXCEPTION(schedules.edit(as(vera), made.id, {}), RequestError, refused(Problem::forbidden));
    BOOST_CHECK_EXCEPTION(schedules.remove(as(vera), made.id, false), RequestError, refused(Problem::forbidden));
}

BOOST_AUTO_TEST_CASE(guests_read_schedules_where_they_may_and_nothing_else) {
    const auto id = schedules.add(as(root), period(kHour));
    const Principal nobody{};
    service::Schedules open{*store, {}, vault, true};
    const auto unknown = refused(Problem::unauthenticated);
    BOOST_TEST(open.get(as(nobody), id).id == id);
    BOOST_TEST(open.list(as(nobody), 10, 0).count == 1);
    BOOST_CHECK_EXCEPTION(open.users(as(nobody), id), RequestError, unknown);
    BOOST_CHECK_EXCEPTION(open.add(as(nobody), period(kHour)), RequestError, unknown);
    BOOST_CHECK_EXCEPTION(open.edit(as(nobody), id, {}), RequestError, unknown);
    BOOST_CHECK_EXCEPTION(open.remove(as(nobody), id, false), RequestError, unknown);
    BOOST_CHECK_EXCEPTION(schedules.get(as(nobody), id), RequestError, unknown);
    BOOST_CHECK_EXCEPTION(schedules.list(as(nobody), 10, 0), RequestError, unknown);
}

BOOST_AUTO_TEST_CASE(thousands_of_jobs_move_and_what_was_cut_off_goes_on_at_the_next_start) {
    const auto made = schedules.get(as(root), schedules.add(as(root), period(kHour)));
    constexpr int kJobs = 2'300;
    for (int i = 0; i < kJobs; ++i) add_user("job" + std::to_string(i), made.id);
    schedules.edit(as(root), made.id, period(60 * kSecond));
    BOOST_TEST(next_in("job0") == 60 * kSecond);
    BOOST_TEST(next_in("job2299") == 60 * kSecond);

    store->write(store::Store::Class::api, [&](store::Tx& tx) {  // as if the server ended before any job had moved
        Schedule changed = tx.schedules().schedule(made.id).value();
        changed.rule = trigger::Interval{.every = 5 * kSecond, .start = clock.now() + 5 * kSecond, .end = {}};
        tx.schedules().put(changed);
    });
    schedules.finish_moves();
    BOOST_TEST(next_in("job0") == 5 * kSecond);
    BOOST_TEST(next_in("job2299") == 5 * kSecond);
    BOOST_TEST(!store->read()->schedules().half_moved(0));
}

/// The first unit of an edit is stored, those after it are refused.
struct FullDiskSetup : SchedulesSetup {
    std::atomic<bool> full{false};
    FullDiskSetup() {
        store->subscribe([this](const store::Event& event) {
            if (full && event.kind == store::Event::Kind::job_changed) store->refuse_changes("the disk is full");
        });
    }
    std::int64_t with_users(int count) {
        const auto made = schedules.get(as(root), schedules.add(as(root), period(kHour)));
        for (int i = 0; i < count; ++i) add_user("job" + std::to_string(i), made.id);
        return made.id;
    }
};

BOOST_FIXTURE_TEST_CASE(an_edit_that_is_cut_off_says_so_and_sent_again_it_is_done, FullDiskSetup) {
    const auto id = with_users(1'100);
    full = true;
    BOOST_CHECK_EXCEPTION(schedules.edit(as(root), id, period(60 * kSecond)), RequestError, [](const auto& error) {
        return error.problem() == Problem::unavailable && std::string(error.what()).find("was changed, but") == 13;
    });
    BOOST_TEST(next_in("job0") == 60 * kSecond);
    BOOST_TEST(next_in("job1099") == kHour);
    schedules.finish_moves();  // as at a start while the disk is full: it logs, and the server starts
    BOOST_TEST(next_in("job1099") == kHour);
    full = false;
    store->refuse_changes("");
    schedules.edit(as(root), id, period(60 * kSecond));
    BOOST_TEST(next_in("job1099") == 60 * kSecond);
    BOOST_TEST(!store->read()->schedules().half_moved(0));
}

BOOST_AUTO_TEST_CASE(a_next_run_set_by_hand_leaves_the_schedule_alone) {
    const auto made = schedules.get(as(root), schedules.add(as(root), period(kHour)));
    add_user("a", made.id);
    service::JobEdit edit;
    edit.next_run = service::NextRun{clock.now() + 7 * kSecond, 0};
    jobs.edit(as(root), "a", edit);
    BOOST_TEST(next_in("a") == 7 * kSecond);
    clock.advance(7 * kSecond);
    BOOST_TEST(turn(10).assigned.size() == 1U);
    BOOST_TEST(next_in("a") == kHour - 7 * kSecond);
}

BOOST_AUTO_TEST_CASE(once_is_once_even_when_the_next_run_is_set_by_hand) {
    const auto made = schedules.get(as(root), schedules.add(as(root), period(kHour, true)));
    add_user("a", made.id);
    service::JobEdit edit;
    edit.next_run = service::NextRun{clock.now() + 4 * kSecond, 0};
    jobs.edit(as(root), "a", edit);
    clock.advance(4 * kSecond);
    BOOST_TEST(turn(10).assigned.size() == 1U);
    BOOST_TEST((state("a").status == JobStatus::finished));
}

BOOST_AUTO_TEST_CASE(a_change_that_its_words_do_not_show_is_in_the_audit_too) {
    const auto cron = [](const char* line) {
        ScheduleEdit edit;
        edit.rule = [line](const trigger::Rule*, Micros) -> trigger::Rule {
            return trigger::make_crontab(line, {}, {});
        };
        return edit;
    };
    const auto made = schedules.get(as(root), schedules.add(as(root), cron("0 0-23 * * *")));
    schedules.edit(as(root), made.id, cron("0 * * * *"));
    BOOST_TEST(events().back() == "modified");
    schedules.edit(as(root), made.id, cron("0 * * * *"));
    BOOST_TEST(events().size() == 2U);
}

BOOST_AUTO_TEST_CASE(more_jobs_than_a_unit_are_let_go_and_those_that_cannot_be_read_stay) {
    const auto made = schedules.get(as(root), schedules.add(as(root), period(kHour)));
    for (int i = 0; i < 1'100; ++i) add_user("job" + std::to_string(i), made.id);
    schedules.remove(as(root), made.id, true);
    BOOST_TEST(std::holds_alternative<trigger::Interval>(store->read()->job("job1099")->definition.trigger));
}

BOOST_AUTO_TEST_SUITE_END()
