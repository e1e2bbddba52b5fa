#include "domain/planner.hpp"

#include "base/ids.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;

namespace {

constexpr Micros kBase = 1'800'000'000 * kSecond;
constexpr Micros t(std::int64_t seconds) { return kBase + seconds * kSecond; }

/// A job that fires each 10 s from t(0) on; t(0) is accounted for, the engine is awake all the time.
struct Setup {
    DueJob due;
    Micros awake = t(-1'000);

    Setup() {
        due.def.trigger = trigger::Interval{.every = 10 * kSecond, .start = t(0), .end = {}, .offset_seconds = 0};
        due.job.key = JobKey{1};
        due.job.cursor = due.job.anchor = t(0);
        due.job.armed_at = t(-500);
        due.job.next_fire = t(10);
    }
    void no_coalesce() { due.def.coalesce = false; }
    void full() { due.instances = due.def.max_instances; }
    void pause() {
        due.job.status = JobStatus::paused;
        due.job.next_fire.reset();
    }
    FirePlan at(std::int64_t seconds, Occasion occasion = Occasion::claim) const {
        return plan(due, t(seconds), awake, occasion);
    }
};

PlannedRow row(RunState state, std::int64_t first, std::int64_t last, std::int64_t fires,
               const std::string& reason = "") {
    return {state, t(last), t(first), fires, t(last), reason};
}

void check_rows(const FirePlan& plan, const std::vector<PlannedRow>& wanted) {
    BOOST_REQUIRE(plan.rows.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto& r = plan.rows[i];
        BOOST_TEST((r == wanted[i]), "row " << i << ": state " << static_cast<int>(r.state) << " nominal "
                                            << (r.nominal - kBase) / kSecond << " first "
                                            << (r.first_nominal - kBase) / kSecond << " fires " << r.fires << " "
                                            << r.reason);
    }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(planner_suite, Setup)

BOOST_AUTO_TEST_CASE(a_fire_that_is_on_time_becomes_a_ready_run) {
    const FirePlan p = at(10);
    check_rows(p, {row(RunState::ready, 10, 10, 1)});
    BOOST_TEST(p.cursor == t(10));
    BOOST_TEST(p.next_fire.value() == t(20));
    BOOST_TEST((p.status == JobStatus::active));
}

BOOST_AUTO_TEST_CASE(a_job_that_is_not_due_keeps_its_cursor_and_next_fire) {
    for (const Occasion occasion : {Occasion::claim, Occasion::edit}) {
        const FirePlan p = at(9, occasion);
        check_rows(p, {});
        BOOST_TEST(p.cursor == t(0));
        BOOST_TEST(p.next_fire.value() == t(10));
    }
}

BOOST_AUTO_TEST_CASE(fires_claimed_late_though_the_engine_was_awake_are_on_time) {
    due.def.misfire_grace = kSecond;
    check_rows(at(500), {row(RunState::ready, 10, 500, 50)});
}

BOOST_AUTO_TEST_CASE(coalesced_late_fires_within_grace_become_one_run) {
    awake = t(35);
    due.def.misfire_grace = 5 * kSecond;
    const FirePlan p = at(36);
    check_rows(p, {row(RunState::ready, 10, 30, 3)});
    BOOST_TEST(p.cursor == t(30));
    BOOST_TEST(p.next_fire.value() == t(40));
}

BOOST_AUTO_TEST_CASE(coalesced_late_fires_beyond_grace_become_one_missed_row) {
    awake = t(36);
    due.def.misfire_grace = 5 * kSecond;
    const FirePlan p = at(36);
    check_rows(p, {row(RunState::missed, 10, 30, 3, "misfire")});
    BOOST_TEST(p.next_fire.value() == t(40));
}

BOOST_AUTO_TEST_CASE(a_fire_on_time_saves_the_late_ones_that_coalesce_with_it) {
    awake = t(36);
    due.def.misfire_grace = 5 * kSecond;
    check_rows(at(40), {row(RunState::ready, 10, 40, 4)});
}

BOOST_AUTO_TEST_CASE(without_a_grace_any_age_will_do) {
    awake = t(1'000'000);
    due.def.misfire_grace.reset();
    check_rows(at(1'000'000), {row(RunState::ready, 10, 1'000'000, 100'000)});
}

BOOST_AUTO_TEST_CASE(a_job_armed_after_its_date_is_late_by_the_difference) {
    due.def.trigger = trigger::Date{t(0), 0};
    due.job.cursor = t(0) - 1;
    due.job.next_fire = t(0);
    due.job.armed_at = t(100);
    due.def.misfire_grace = 100 * kSecond;
    const FirePlan in_grace = at(100);
    check_rows(in_grace, {row(RunState::ready, 0, 0, 1)});
    BOOST_TEST((in_grace.status == JobStatus::finished));
    BOOST_TEST(!in_grace.next_fire);
    due.def.misfire_grace = 100 * kSecond - 1;
    check_rows(at(100), {row(RunState::missed, 0, 0, 1, "misfire")});
}

BOOST_AUTO_TEST_CASE(the_misfire_policy_skip_drops_the_late_fires_and_runs_the_rest) {
    awake = t(35);
    due.def.misfire = MisfirePolicy::skip;
    check_rows(at(36), {row(RunState::missed, 10, 30, 3, "misfire")});
    check_rows(at(50), {row(RunState::missed, 10, 30, 3, "misfire"), row(RunState::ready, 40, 50, 2)});
}

BOOST_AUTO_TEST_CASE(a_fire_at_the_instant_of_waking_is_on_time) {
    awake = t(30);
    due.def.misfire = MisfirePolicy::skip;
    check_rows(at(30), {row(RunState::missed, 10, 20, 2, "misfire"), row(RunState::ready, 30, 30, 1)});
}

BOOST_AUTO_TEST_CASE(without_coalescing_each_fire_gets_a_run_one_after_the_other) {
    awake = t(35);
    no_coalesce();
    check_rows(at(41), {row(RunState::ready, 10, 10, 1), row(RunState::blocked, 20, 20, 1),
                        row(RunState::blocked, 30, 30, 1), row(RunState::blocked, 40, 40, 1)});
    due.def.coalesce = true;
    due.def.misfire = MisfirePolicy::all;
    BOOST_TEST(at(41).rows.size() == 4U);
}

BOOST_AUTO_TEST_CASE(without_coalescing_fires_beyond_grace_are_missed_and_the_rest_run) {
    awake = t(35);
    no_coalesce();
    due.def.misfire_grace = 15 * kSecond;
    check_rows(at(36), {row(RunState::missed, 10, 10, 1, "misfire"), row(RunState::ready, 20, 20, 1),
                        row(RunState::blocked, 30, 30, 1)});
    due.def.misfire_grace = kSecond;
    check_rows(at(36), {row(RunState::missed, 10, 30, 3, "misfire")});
}

BOOST_AUTO_TEST_CASE(of_many_fires_to_catch_up_on_the_newest_hundred_run) {
    no_coalesce();
    const FirePlan p = at(1'505);
    BOOST_REQUIRE(p.rows.size() == 101U);
    BOOST_TEST((p.rows[0] == row(RunState::missed, 10, 500, 50, "cap")));
    BOOST_TEST((p.rows[1] == row(RunState::ready, 510, 510, 1)));
    BOOST_TEST((p.rows[100] == row(RunState::blocked, 1'500, 1'500, 1)));
    BOOST_TEST(p.cursor == t(1'500));
}

BOOST_AUTO_TEST_CASE(what_is_beyond_grace_is_missed_for_that_and_the_rest_for_the_cap) {
    no_coalesce();
    awake = t(1'505);
    due.def.misfire_grace = 1'200 * kSecond;
    const FirePlan p = at(1'505);
    BOOST_REQUIRE(p.rows.size() == 102U);
    BOOST_TEST((p.rows[0] == row(RunState::missed, 10, 300, 30, "misfire")));
    BOOST_TEST((p.rows[1] == row(RunState::missed, 310, 500, 20, "cap")));
    BOOST_TEST((p.rows[2] == row(RunState::ready, 510, 510, 1)));
}

BOOST_AUTO_TEST_CASE(the_cap_and_the_queue_hold_together) {
    no_coalesce();
    full();
    due.def.overlap = Overlap::queue;
    due.def.max_queued = 3;
    const FirePlan p = at(1'505);
    BOOST_REQUIRE(p.rows.size() == 5U);
    BOOST_TEST((p.rows[0] == row(RunState::missed, 10, 500, 50, "cap")));
    BOOST_TEST((p.rows[1] == row(RunState::blocked, 510, 510, 1)));
    BOOST_TEST((p.rows[3] == row(RunState::blocked, 530, 530, 1)));
    BOOST_TEST((p.rows[4] == row(RunState::skipped, 540, 1'500, 97, "queue_full")));
}

BOOST_AUTO_TEST_CASE(runs_that_are_left_beyond_the_cap_do_not_make_a_second_catching_up) {
    no_coalesce();
    due.job.runs_left = 120;
    const FirePlan p = at(1'505);
    BOOST_REQUIRE(p.rows.size() == 101U);
    BOOST_TEST((p.rows[0] == row(RunState::missed, 10, 500, 50, "cap")));
    BOOST_TEST((p.rows[100] == row(RunState::blocked, 1'500, 1'500, 1)));
    BOOST_TEST(p.runs_left.value() == 20);
    BOOST_TEST((p.status == JobStatus::active));
    BOOST_TEST(p.next_fire.value() == t(1'510));
}

BOOST_AUTO_TEST_CASE(behind_a_full_queue_all_that_is_due_is_skipped_at_once) {
    no_coalesce();
    full();
    due.def.overlap = Overlap::queue;
    due.def.max_queued = 1;
    due.job.runs_left = 9;
    const FirePlan p = at(1'000);
    check_rows(p, {row(RunState::blocked, 10, 10, 1), row(RunState::skipped, 20, 1'000, 99, "queue_full")});
    BOOST_TEST(p.runs_left.value() == 8);
}

BOOST_AUTO_TEST_CASE(a_trigger_fires_neither_before_its_start_nor_after_its_end) {
    due.def.trigger = trigger::Interval{.every = 10 * kSecond, .start = t(20), .end = t(40), .offset_seconds = 0};
    due.job.next_fire = t(20);
    check_rows(at(19), {});
    no_coalesce();
    const FirePlan p = at(100);
    check_rows(p,
               {row(RunState::ready, 20, 20, 1), row(RunState::blocked, 30, 30, 1), row(RunState::blocked, 40, 40, 1)});
    BOOST_TEST((p.status == JobStatus::finished));
    BOOST_TEST(!p.next_fire);
}

BOOST_AUTO_TEST_CASE(the_misfire_policy_skip_spends_no_run_and_may_end_the_job) {
    due.def.misfire = MisfirePolicy::skip;
    due.def.trigger = trigger::Interval{.every = 10 * kSecond, .start = t(10), .end = t(30), .offset_seconds = 0};
    due.job.runs_left = 1;
    awake = t(35);
    const FirePlan p = at(36);
    check_rows(p, {row(RunState::missed, 10, 30, 3, "misfire")});
    BOOST_TEST(p.runs_left.value() == 1);
    BOOST_TEST((p.status == JobStatus::finished));
}

BOOST_AUTO_TEST_CASE(a_full_job_that_replaces_spends_its_last_run_on_the_newcomer) {
    full();
    due.def.overlap = Overlap::replace;
    due.job.runs_left = 1;
    const FirePlan p = at(30);
    check_rows(p, {row(RunState::blocked, 10, 30, 3)});
    BOOST_TEST(p.replace_live);
    BOOST_TEST((p.status == JobStatus::finished));
}

BOOST_AUTO_TEST_CASE(a_full_job_that_skips_gets_one_skipped_row) {
    full();
    check_rows(at(30), {row(RunState::skipped, 10, 30, 3, "overlap")});
    no_coalesce();
    check_rows(at(30), {row(RunState::skipped, 10, 30, 3, "overlap")});
    BOOST_TEST(!at(30).extend_open_skip);
    due.def.max_instances = 2;
    due.def.coalesce = true;
    check_rows(at(30), {row(RunState::ready, 10, 30, 3)});
}

BOOST_AUTO_TEST_CASE(skips_grow_the_open_row_for_an_hour) {
    full();
    due.job.open_skip = RunId{IdGenerator::first_at(t(-60))};
    BOOST_TEST(at(10).extend_open_skip);
    BOOST_TEST(!at(3'600).extend_open_skip);
    due.instances = 0;
    BOOST_TEST(!at(10).extend_open_skip);
}

BOOST_AUTO_TEST_CASE(a_row_with_an_id_of_the_future_grows_to_the_full_hour) {
    full();
    due.job.open_skip = RunId{IdGenerator::first_at(t(5 * 365 * 86'400))};
    const Micros now = t(10);
    const Micros hour = now - now % (3'600 * kSecond) + 3'600 * kSecond;
    BOOST_TEST(plan(due, now, awake).extend_open_skip);
    due.job.cursor = hour - kSecond;
    due.job.next_fire = hour + kSecond;
    BOOST_TEST(!plan(due, hour + 2 * kSecond, awake).extend_open_skip);
}

BOOST_AUTO_TEST_CASE(a_row_before_the_skip_keeps_it_from_growing_the_open_one) {
    full();
    no_coalesce();
    awake = t(35);
    due.def.misfire_grace = 10 * kSecond;
    due.job.open_skip = RunId{IdGenerator::first_at(t(-60))};
    const FirePlan p = at(36);
    check_rows(p, {row(RunState::missed, 10, 20, 2, "misfire"), row(RunState::skipped, 30, 30, 1, "overlap")});
    BOOST_TEST(!p.extend_open_skip);
}

BOOST_AUTO_TEST_CASE(a_full_job_that_queues_blocks_up_to_its_cap) {
    full();
    due.def.overlap = Overlap::queue;
    due.def.max_queued = 2;
    check_rows(at(30), {row(RunState::blocked, 10, 30, 3)});
    due.queued = 2;
    check_rows(at(30), {row(RunState::skipped, 10, 30, 3, "queue_full")});
    no_coalesce();
    check_rows(at(30), {row(RunState::skipped, 10, 30, 3, "queue_full")});
    due.queued = 1;
    check_rows(at(30), {row(RunState::blocked, 10, 10, 1), row(RunState::skipped, 20, 30, 2, "queue_full")});
    due.queued = 5;  // a smaller cap came by an edit
    check_rows(at(10), {row(RunState::skipped, 10, 10, 1, "queue_full")});
}

BOOST_AUTO_TEST_CASE(a_full_job_that_replaces_stops_the_live_run_and_waits_for_its_end) {
    due.def.overlap = Overlap::replace;
    BOOST_TEST(!at(10).replace_live);
    full();
    const FirePlan p = at(10);
    check_rows(p, {row(RunState::blocked, 10, 10, 1)});
    BOOST_TEST(p.replace_live);
    no_coalesce();
    check_rows(at(20), {row(RunState::blocked, 10, 10, 1), row(RunState::blocked, 20, 20, 1)});
    BOOST_TEST(at(20).replace_live);
    BOOST_TEST(!at(9).replace_live);
}

BOOST_AUTO_TEST_CASE(only_run_rows_spend_the_runs_that_are_left) {
    due.job.runs_left = 2;
    BOOST_TEST(at(30).runs_left.value() == 1);
    full();
    BOOST_TEST(at(30).runs_left.value() == 2);
    due.instances = 0;
    due.job.runs_left = 1;
    const FirePlan last = at(30);
    check_rows(last, {row(RunState::ready, 10, 30, 3)});
    BOOST_TEST(last.runs_left.value() == 0);
    BOOST_TEST((last.status == JobStatus::finished));
    BOOST_TEST(!last.next_fire);
    due.job.runs_left = 0;
    BOOST_TEST((at(30).status == JobStatus::finished));
    check_rows(at(30), {});
}

BOOST_AUTO_TEST_CASE(without_coalescing_the_fires_end_with_the_runs_that_are_left) {
    no_coalesce();
    due.job.runs_left = 2;
    const FirePlan p = at(50);
    check_rows(p, {row(RunState::ready, 10, 10, 1), row(RunState::blocked, 20, 20, 1)});
    BOOST_TEST(p.cursor == t(20));
    BOOST_TEST((p.status == JobStatus::finished));
    full();
    check_rows(at(50), {row(RunState::skipped, 10, 50, 5, "overlap")});
}

BOOST_AUTO_TEST_CASE(a_trigger_without_another_fire_finishes_the_job) {
    due.def.trigger = trigger::Interval{.every = 10 * kSecond, .start = t(0), .end = t(10), .offset_seconds = 0};
    const FirePlan p = at(12);
    check_rows(p, {row(RunState::ready, 10, 10, 1)});
    BOOST_TEST((p.status == JobStatus::finished));
    BOOST_TEST(!p.next_fire);
}

BOOST_AUTO_TEST_CASE(a_paused_job_that_goes_on_gets_one_row_for_what_it_slept_through) {
    pause();
    for (const Occasion occasion : {Occasion::resume, Occasion::edit, Occasion::remove}) {
        check_rows(at(35, occasion), {row(RunState::skipped, 10, 30, 3, "paused")});
        check_rows(at(9, occasion), {});
        BOOST_TEST(at(35, occasion).cursor == t(30));
        BOOST_TEST(!at(35, occasion).extend_open_skip);
    }
    BOOST_TEST((at(35, Occasion::resume).status == JobStatus::active));
    BOOST_TEST(at(35, Occasion::resume).next_fire.value() == t(40));
    BOOST_TEST((at(35, Occasion::edit).status == JobStatus::paused));
    BOOST_TEST(!at(35, Occasion::edit).next_fire);
    check_rows(at(35, Occasion::claim), {});
    BOOST_TEST((at(35, Occasion::claim).status == JobStatus::paused));
}

BOOST_AUTO_TEST_CASE(an_edit_with_due_fires_settles_them_by_the_old_rules) {
    check_rows(at(35, Occasion::edit), {row(RunState::ready, 10, 30, 3)});
    BOOST_TEST((at(35, Occasion::edit).status == JobStatus::active));
}

BOOST_AUTO_TEST_CASE(a_removed_job_gets_one_row_for_fires_that_nobody_claimed) {
    const FirePlan p = at(35, Occasion::remove);
    check_rows(p, {row(RunState::skipped, 10, 30, 3, "deleted")});
    BOOST_TEST((p.status == JobStatus::deleted));
    BOOST_TEST(!p.next_fire);
    check_rows(at(5, Occasion::remove), {});
}

BOOST_AUTO_TEST_CASE(a_job_that_is_over_plans_nothing) {
    for (const JobStatus status : {JobStatus::finished, JobStatus::broken, JobStatus::deleted}) {
        due.job.status = status;
        const FirePlan p = at(100);
        check_rows(p, {});
        BOOST_TEST((p.status == status));
        BOOST_TEST(!p.next_fire);
        BOOST_TEST(p.cursor == t(0));
    }
}

BOOST_AUTO_TEST_CASE(a_first_fire_set_by_hand_replaces_those_of_the_trigger_up_to_it) {
    due.job.next_fire = t(5);
    const FirePlan early = at(5);
    check_rows(early, {row(RunState::ready, 5, 5, 1)});
    BOOST_TEST(early.next_fire.value() == t(10));
    due.job.next_fire = t(25);
    BOOST_TEST(at(24).next_fire.value() == t(25));
    check_rows(at(24), {});
    check_rows(at(30), {row(RunState::ready, 25, 30, 2)});
    no_coalesce();
    check_rows(at(40),
               {row(RunState::ready, 25, 25, 1), row(RunState::blocked, 30, 30, 1), row(RunState::blocked, 40, 40, 1)});
    due.job.runs_left = 2;
    check_rows(at(40), {row(RunState::ready, 25, 25, 1), row(RunState::blocked, 30, 30, 1)});
}

BOOST_AUTO_TEST_CASE(a_trigger_that_never_fires_by_itself_can_be_fired_by_hand) {
    due.def.trigger = trigger::None{};
    due.job.next_fire = t(5);
    const FirePlan p = at(5);
    check_rows(p, {row(RunState::ready, 5, 5, 1)});
    BOOST_TEST((p.status == JobStatus::finished));
}

BOOST_AUTO_TEST_CASE(a_second_job_that_slept_a_year_is_planned_at_once_as_one_run) {
    constexpr std::int64_t kYear = 365 * 86'400;
    awake = t(kYear);
    const trigger::Trigger interval =
        trigger::Interval{.every = kSecond, .start = t(0), .end = {}, .offset_seconds = 0};
    for (const trigger::Trigger& each_second : {interval, trigger::Trigger{trigger::make_cron({}, {}, {})}}) {
        due.def.trigger = each_second;
        due.job.next_fire = t(1);
        due.def.misfire_grace.reset();
        check_rows(at(kYear), {row(RunState::ready, 1, kYear, kYear)});
        BOOST_TEST(at(kYear).next_fire.value() == t(kYear + 1));
        due.def.misfire = MisfirePolicy::skip;
        check_rows(at(kYear),
                   {row(RunState::missed, 1, kYear - 1, kYear - 1, "misfire"), row(RunState::ready, kYear, kYear, 1)});
        due.def.misfire = MisfirePolicy::all;
        const FirePlan each = at(kYear);
        BOOST_REQUIRE(each.rows.size() == 101U);
        BOOST_TEST((each.rows[0] == row(RunState::missed, 1, kYear - 100, kYear - 100, "cap")));
        BOOST_TEST((each.rows[1] == row(RunState::ready, kYear - 99, kYear - 99, 1)));
        BOOST_TEST((each.rows[100] == row(RunState::blocked, kYear, kYear, 1)));
        due.def.misfire = MisfirePolicy::once;
    }
}

BOOST_AUTO_TEST_CASE(a_trigger_that_cannot_be_evaluated_breaks_its_job_with_one_row) {
    const FirePlan p = broken_plan(due.job, t(12), "no such zone");
    check_rows(p, {row(RunState::error, 10, 10, 1, "trigger: no such zone")});
    BOOST_TEST((p.status == JobStatus::broken));
    BOOST_TEST(!p.next_fire);
    BOOST_TEST(p.cursor == t(10));
}

BOOST_AUTO_TEST_SUITE_END()
