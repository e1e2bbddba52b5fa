#include "unit/service/story.hpp"

using namespace foliot;
using namespace foliot::testing;

BOOST_AUTO_TEST_SUITE(explaining_that_there_is_no_row)

BOOST_AUTO_TEST_CASE(a_fire_that_no_row_accounts_for_yet_is_told_with_what_holds_it) {
    const auto due = [](Story& s) {
        s.fire.time = t(10);
        s.fire.now = t(12);
    };
    check({
        {"about to be claimed", due, "pending",
         "The fire at " + at(10) + " is due, 2 s by now, and about to be claimed."},
        {"server holds",
         [=](Story& s) {
             due(s);
             s.fire.held = "the disk is full";
         },
         "pending",
         "The fire at " + at(10) +
             " is due, 2 s by now, but this server starts nothing now: the disk is full. Once it goes on, the fire is "
             "late and the job's misfire rules decide."},
        {"scheduler paused",
         [=](Story& s) {
             due(s);
             s.fire.engine = EngineState::paused;
         },
         "pending",
         "The fire at " + at(10) +
             " is due, 2 s by now, but the scheduler is paused, for all jobs. Once it goes on, the fire is late and "
             "the "
             "job's misfire rules decide."},
        {"scheduler shut down",
         [=](Story& s) {
             due(s);
             s.fire.engine = EngineState::stopped;
         },
         "pending",
         "The fire at " + at(10) +
             " is due, 2 s by now, but the scheduler is shut down, for all jobs. Once it goes on, the fire is late and "
             "the job's misfire rules decide."},
        {"job paused",
         [=](Story& s) {
             due(s);
             s.job().status = JobStatus::paused;
             s.job().next_fire.reset();
             s.job().paused_at = t(3);
         },
         "paused",
         "The job has been paused since " + at(3) + ". When it is resumed, changed or deleted, the fire at " + at(10) +
             " is recorded as skipped."},
        {"job broken",
         [=](Story& s) {
             due(s);
             s.job().status = JobStatus::broken;
             s.job().next_fire.reset();
             s.fire.broken_why = "no such month";
         },
         "broken", "The job is broken and does not fire until it is edited or resumed: no such month."},
        {"no fire",
         [=](Story& s) {
             due(s);
             s.fire.time = t(11);
         },
         "no_fire",
         "The job does not fire at " + at(11) + ": it does before that, at " + at(10) + ", and after it at " + at(20) +
             "."},
    });
}

BOOST_AUTO_TEST_CASE(a_fire_to_come_is_told_with_what_may_prevent_it) {
    const auto later = [](Story& s) { s.fire.time = t(30); };
    check({
        {"will fire", later, "future", "The job will fire at " + at(30) + ", in 25 s."},
        {"scheduler paused",
         [=](Story& s) {
             later(s);
             s.fire.engine = EngineState::paused;
         },
         "future", "The job will fire at " + at(30) + ", in 25 s. For now the scheduler is paused, for all jobs."},
        {"job paused",
         [=](Story& s) {
             later(s);
             s.job().status = JobStatus::paused;
             s.job().next_fire.reset();
             s.job().paused_at = t(3);
         },
         "paused",
         "The job has been paused since " + at(3) + ". The fire at " + at(30) +
             " is skipped unless it is resumed before."},
        {"max_runs comes first",
         [=](Story& s) {
             later(s);
             s.job().runs_left = 2;
         },
         "finished", "The job ends after 2 more runs (max_runs), and that is before " + at(30) + "."},
        {"max_runs just enough",
         [=](Story& s) {
             later(s);
             s.job().runs_left = 3;
         },
         "future", "The job will fire at " + at(30) + ", in 25 s."},
        {"no fire", [](Story& s) { s.fire.time = t(31); }, "no_fire",
         "The job does not fire at " + at(31) + ": it does before that, at " + at(30) + ", and after it at " + at(40) +
             "."},
        {"never by itself",
         [=](Story& s) {
             later(s);
             s.def->trigger = trigger::None{};
             s.job().next_fire.reset();
         },
         "no_fire", "The job does not fire at " + at(30) + ": its trigger has no fires."},
        {"behind the last",
         [](Story& s) {
             s.def->trigger = trigger::Date{t(20), 0};
             s.fire.time = t(30);
         },
         "no_fire",
         "The job does not fire at " + at(30) + ": it does before that, at " + at(20) + ", and never after it."},
        {"before the first",
         [](Story& s) {
             s.def->trigger = trigger::Date{t(40), 0};
             s.fire.time = t(30);
         },
         "no_fire",
         "The job does not fire at " + at(30) + ": not at any time before that, and after it at " + at(40) + "."},
        {"set by hand",
         [](Story& s) {
             s.job().armed_at = t(1);
             s.job().anchor = s.job().cursor = t(99) - 1;
             s.job().next_fire = t(99);
             s.fire.time = t(30);
         },
         "not_active",
         "The job's next run was set by hand to " + at(99) + "; it does not fire between that edit and then."},
    });
}

BOOST_AUTO_TEST_CASE(an_instant_outside_of_the_jobs_life_is_told_so) {
    check({
        {"deleted",
         [](Story& s) {
             s.job().status = JobStatus::deleted;
             s.fire.record.gone_at = t(4);
             s.fire.time = t(10);
         },
         "not_active", "The job was deleted at " + at(4) + "; it does not fire any more."},
        {"finished",
         [](Story& s) {
             s.job().status = JobStatus::finished;
             s.job().next_fire.reset();
             s.fire.record.gone_at = t(4);
             s.fire.time = t(10);
         },
         "finished", "The job ended at " + at(4) + ": its trigger had no fire left."},
        {"max_runs",
         [](Story& s) {
             s.job().status = JobStatus::finished;
             s.job().next_fire.reset();
             s.job().runs_left = 0;
             s.fire.record.gone_at = t(4);
             s.fire.time = t(10);
         },
         "finished", "The job ended at " + at(4) + ": max_runs was reached."},
        {"before it was made", [](Story& s) { s.fire.time = t(-100); }, "not_active",
         "The job was made at " + at(-95) + ", after " + at(-100) + "."},
        {"before it was resumed",
         [](Story& s) {
             s.job().armed_at = t(-35);
             s.job().anchor = t(-40);
             s.fire.time = t(-50);
         },
         "not_active",
         "No row accounts for " + at(-50) + ": the job's fires count from " + at(-35) +
             " on, when it was made, resumed or given its trigger."},
        {"before that, and history is short",
         [](Story& s) {
             s.job().armed_at = t(-35);
             s.job().anchor = t(-40);
             s.fire.record.fires_pruned = 3;
             s.fire.time = t(-50);
         },
         "not_active",
         "No row accounts for " + at(-50) + ": the job's fires count from " + at(-35) +
             " on, when it was made, resumed or given its trigger. Rows of 3 older fires are no longer kept."},
        {"before a next run that was set by hand, asked after it",
         [](Story& s) {
             s.job().armed_at = t(-60);
             s.job().anchor = t(-30) - 1;
             s.fire.time = t(-40);
         },
         "not_active",
         "The job's next run was set by hand to " + at(-30) + "; it did not fire between that edit, at " + at(-60) +
             ", and then."},
        {"pruned",
         [](Story& s) {
             s.fire.record.fires_pruned = 3;
             s.fire.time = t(-20);
         },
         "pruned",
         "The fire at " + at(-20) +
             " was accounted for, but its row is no longer kept: 3 fires of this job are older than the history."},
        {"not owed", [](Story& s) { s.fire.time = t(-20); }, "not_active",
         "The job's present trigger fires at " + at(-20) +
             ", but the job did not owe that fire: its next run was set by hand, or its trigger was another one then."},
        {"no fire",
         [](Story& s) {
             s.fire.record.fires_pruned = 3;
             s.fire.time = t(-21);
         },
         "no_fire",
         "The job does not fire at " + at(-21) + ": it does before that, at " + at(-30) + ", and after it at " +
             at(-20) + "."},
    });
}

BOOST_AUTO_TEST_CASE(the_fires_around_an_instant_are_those_of_the_present_trigger) {
    Story story;
    const Explanation on = story.tell();
    BOOST_TEST(on.is_fire);
    BOOST_TEST(on.previous_fire.value() == t(-10));
    BOOST_TEST(on.next_fire.value() == t(10));
    story.fire.time = t(3);
    const Explanation off = story.tell();
    BOOST_TEST(!off.is_fire);
    BOOST_TEST(off.previous_fire.value() == t(0));
    story.job().next_fire = t(3);  // set by hand
    BOOST_TEST(story.tell().is_fire);
}

BOOST_AUTO_TEST_SUITE_END()
