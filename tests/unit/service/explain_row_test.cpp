#include "unit/service/story.hpp"

using namespace foliot;
using namespace foliot::testing;

BOOST_AUTO_TEST_SUITE(explaining_a_row)

BOOST_AUTO_TEST_CASE(a_run_that_ended_is_told_with_its_course) {
    check({
        {"succeeded", [](Story& s) { s.row(s.ran(s.run(RunState::succeeded), 1, 3)); }, "succeeded",
         "The run of " + at(0) + " ran from " + at(1) + " to " + at(3) + " (2 s) in process 7 and succeeded."},
        {"failed", [](Story& s) { s.row(s.ran(s.run(RunState::failed, "crashed:SIGSEGV", "signal 11"), 1, 3)); },
         "failed",
         "The run of " + at(0) + " ran from " + at(1) + " to " + at(3) +
             " (2 s) in process 7 and failed (crashed:SIGSEGV): signal 11. No attempt follows: the job has no retries "
             "(max_retries is 0)."},
        {"lost", [](Story& s) { s.row(s.run(RunState::failed, "lost", "the server stopped")); }, "failed",
         "The run of " + at(0) +
             " failed (lost): the server stopped. No attempt follows: the job has no retries (max_retries is 0)."},
        {"permanent",
         [](Story& s) {
             s.def->retry.max_retries = 3;
             s.row(s.run(RunState::failed, "permanent", "never"));
         },
         "failed",
         "The run of " + at(0) + " failed (permanent): never. No attempt follows: trying again would not help."},
        {"timeout",
         [](Story& s) {
             s.def->timeout = 90 * kSecond;
             s.def->retry.max_retries = 3;
             s.row(s.ran(s.run(RunState::timeout, "timeout"), 1, 91));
         },
         "timeout",
         "The run of " + at(0) + " ran from " + at(1) + " to " + at(91) +
             " (1 min 30 s) in process 7 and was ended: it took longer than its timeout of 1 min 30 s."},
        {"deadline, running",
         [](Story& s) {
             s.def->deadline = 90 * kSecond;
             s.def->retry.max_retries = 3;
             s.row(s.ran(s.run(RunState::timeout, "deadline", "the job's deadline passed before it ended"), 1, 90));
         },
         "timeout",
         "The run of " + at(0) + " ran from " + at(1) + " to " + at(90) +
             " (1 min 29 s) in process 7 and was ended: its deadline of 1 min 30 s passed while it ran. No attempt "
             "follows: the deadline is for all attempts together."},
        {"deadline, waiting",
         [](Story& s) {
             s.def->deadline = 90 * kSecond;
             s.row(s.run(RunState::timeout, "deadline"));
         },
         "timeout",
         "The run of " + at(0) +
             " was not begun: its deadline of 1 min 30 s passed while it waited. No attempt follows: the deadline is "
             "for all attempts together."},
        {"no time for a retry",
         [](Story& s) {
             s.def->deadline = 90 * kSecond;
             s.def->retry.max_retries = 3;
             s.row(s.run(RunState::failed, "exception", "x"));
         },
         "failed",
         "The run of " + at(0) +
             " failed (exception): x. No attempt follows: the next one would begin after the deadline."},
        {"stopped", [](Story& s) { s.row(s.run(RunState::stopped, "stopped")); }, "stopped",
         "The run of " + at(0) + " was stopped on request."},
        {"stopped with its job", [](Story& s) { s.row(s.run(RunState::stopped, "deleted")); }, "stopped",
         "The run of " + at(0) + " was ended when the job was deleted."},
        {"stopped for a newer run", [](Story& s) { s.row(s.run(RunState::stopped, "replaced")); }, "stopped",
         "The run of " + at(0) + " was stopped for a newer run (overlap is replace)."},
        {"gave up", [](Story& s) { s.row(s.run(RunState::stopped, "cancelled")); }, "stopped",
         "The run of " + at(0) + " was stopped (cancelled)."},
        {"unresolved", [](Story& s) { s.row(s.run(RunState::error, "unresolved", "no module 'm'")); }, "error",
         "The run of " + at(0) + " could not be started (unresolved): no module 'm'."},
        {"missed for want of its module",
         [](Story& s) {
             RunView row = s.run(RunState::missed, "module_unavailable", "module 'm' could not be used");
             row.ended = t(60);
             s.row(row);
         },
         "missed", "The fire at " + at(0) + " was missed: module 'm' could not be used, at " + at(60) + "."},
        {"broken trigger", [](Story& s) { s.row(s.run(RunState::error, "trigger: no such month")); }, "error",
         "The trigger could not be evaluated: no such month. The job was broken from then on."},
        {"coalesced",
         [](Story& s) {
             RunView row = s.ran(s.run(RunState::succeeded), 1, 3);
             coalesced(row);
             s.row(row);
             s.fire.time = t(-20);
         },
         "succeeded",
         "The fire at " + at(-20) + " was run together with 3 others, from " + at(-30) + " to " + at(0) +
             ", as one run (misfire_policy is once). It ran from " + at(1) + " to " + at(3) +
             " (2 s) in process 7 and succeeded."},
    });
}

BOOST_AUTO_TEST_CASE(every_attempt_is_told_in_order) {
    check({
        {"retried",
         [](Story& s) {
             RunView again = s.ran(s.run(RunState::succeeded), 60, 61);
             again.attempt = 2;
             s.row(s.run(RunState::failed, "exception", "x"), {again});
         },
         "succeeded",
         "There are 2 attempts. Attempt 1 failed (exception): x. Attempt 2 ran from " + at(60) + " to " + at(61) +
             " (1 s) in process 7 and succeeded."},
        {"used up",
         [](Story& s) {
             s.def->retry.max_retries = 1;
             RunView again = s.run(RunState::failed, "exception", "y");
             again.attempt = 2;
             s.row(s.run(RunState::failed, "exception", "x"), {again});
         },
         "failed",
         "There are 2 attempts. Attempt 1 failed (exception): x. Attempt 2 failed (exception): y. No attempt follows: "
         "max_retries is 1."},
        {"waiting",
         [](Story& s) {
             RunView again = s.run(RunState::waiting);
             again.attempt = 2;
             again.due = t(30);
             s.row(s.run(RunState::failed, "exception"), {again});
         },
         "queued", "There are 2 attempts. Attempt 1 failed (exception). Attempt 2 waits for its time, " + at(30) + "."},
        {"snoozed",
         [](Story& s) {
             RunView again = s.run(RunState::waiting);
             again.due = t(30);
             s.row(s.run(RunState::stopped, "snoozed"), {again});
         },
         "queued",
         "There are 2 attempts. Attempt 1 asked to be run again later; that does not count. Attempt 1 (again) waits "
         "for its time, " +
             at(30) + "."},
        {"interrupted", [](Story& s) { s.row(s.run(RunState::stopped, "interrupted"), {s.run(RunState::ready)}); },
         "queued",
         "There are 2 attempts. Attempt 1 was interrupted when the server stopped; that does not count. Attempt 1 "
         "(again) is ready since " +
             at(1) + " and waits for a free worker (workers.max)."},
    });
    Story many;
    std::vector<RunView> rest;
    for (int n = 2; n <= 9; ++n) {
        rest.push_back(many.run(RunState::failed, "exception"));
        rest.back().attempt = n;
    }
    many.row(many.run(RunState::failed, "exception"), rest);
    const std::string text = many.tell().text;
    BOOST_TEST(text.find("There are 9 attempts. Attempt 1 failed (exception). Attempt 6") == 0U, text);
}

BOOST_AUTO_TEST_CASE(where_a_live_run_stands_is_told_with_what_it_waits_for) {
    check({
        {"running", [](Story& s) { s.row(s.ran(s.run(RunState::running), 1, 0)); }, "running",
         "The run of " + at(0) + " is running since " + at(1) + " in process 7."},
        {"stopping", [](Story& s) { s.row(s.ran(s.run(RunState::stopping), 1, 0)); }, "running",
         "The run of " + at(0) + " was asked to stop and is ending since " + at(1) + " in process 7."},
        {"assigned", [](Story& s) { s.row(s.run(RunState::assigned)); }, "queued",
         "The run of " + at(0) + " was handed to a worker at " + at(1) + " and has not reported since."},
        {"its module cannot be used",
         [](Story& s) {
             s.def->func = {"m", "f"};
             s.row(s.run(RunState::ready, "module_unavailable"));
         },
         "queued",
         "The run of " + at(0) + " waits because its module m cannot be used now: GET /api/v1/modules/m says why."},
        {"no worker", [](Story& s) { s.row(s.run(RunState::ready)); }, "queued",
         "The run of " + at(0) + " is ready since " + at(1) + " and waits for a free worker (workers.max)."},
        {"limit full",
         [](Story& s) {
             s.fire.full = {{"tag:db", 2, 2}};
             s.row(s.run(RunState::ready));
         },
         "queued",
         "The run of " + at(0) + " is ready since " + at(1) +
             " and waits for a place under limits.tag.db (2 of 2 taken)."},
        {"several limits full",
         [](Story& s) {
             s.fire.full = {{"running", 9, 9}, {"tag:db", 2, 2}};
             s.row(s.run(RunState::ready));
         },
         "queued",
         "The run of " + at(0) + " is ready since " + at(1) +
             " and waits for a place under limits.running (9 of 9 taken) and under limits.tag.db (2 of 2 taken)."},
        {"beyond its deadline",
         [](Story& s) {
             s.def->deadline = 3 * kSecond;
             s.row(s.run(RunState::ready));
         },
         "queued",
         "The run of " + at(0) + " is ready since " + at(1) +
             " and waits for a free worker (workers.max). Its deadline passed at " + at(3) +
             ": it ends as a timeout, without running, as soon as its turn comes."},
        {"due, scheduler paused",
         [](Story& s) {
             s.fire.engine = EngineState::paused;
             s.row(s.run(RunState::waiting));
         },
         "queued", "The run of " + at(0) + " is due since " + at(0) + ", but the scheduler is paused."},
        {"due", [](Story& s) { s.row(s.run(RunState::waiting)); }, "queued",
         "The run of " + at(0) + " is due since " + at(0) + " and about to be queued."},
        {"server holds",
         [](Story& s) {
             s.fire.held = "the disk is full";
             s.row(s.run(RunState::ready));
         },
         "queued", "The run of " + at(0) + " is ready, but this server starts nothing now: the disk is full."},
        {"scheduler paused",
         [](Story& s) {
             s.fire.engine = EngineState::paused;
             s.row(s.run(RunState::ready));
         },
         "queued", "The run of " + at(0) + " is ready, but the scheduler is paused."},
        {"scheduler shut down",
         [](Story& s) {
             s.fire.engine = EngineState::stopped;
             s.row(s.run(RunState::ready));
         },
         "queued", "The run of " + at(0) + " is ready, but the scheduler is shut down."},
        {"job paused", [](Story& s) { s.row(s.run(RunState::blocked, "paused")); }, "queued",
         "The run of " + at(0) + " is held back because the job is paused."},
        {"queued, then the job was paused",
         [](Story& s) {
             s.job().status = JobStatus::paused;
             s.row(s.run(RunState::blocked));
         },
         "queued", "The run of " + at(0) + " is held back because the job is paused."},
        {"behind another",
         [](Story& s) {
             RunView earlier = s.run(RunState::blocked);
             earlier.due = t(-10);
             const RunView mine = s.run(RunState::blocked);
             s.fire.live = {s.ran(s.run(RunState::running), -60, 0), earlier, mine};
             s.row(mine);
         },
         "queued",
         "The run of " + at(0) + " waits for a run of this job to end (max_instances is 1): RUN is running since " +
             at(-60) + "; 1 other run before it."},
    });
}

BOOST_AUTO_TEST_CASE(why_a_fire_was_missed_is_told_with_the_numbers) {
    const std::string until = " Until then the server was down, or the scheduler or the job was not active.";
    check({
        {"beyond grace",
         [](Story& s) {
             s.def->misfire_grace = 5 * kSecond;
             RunView row = s.run(RunState::missed, "misfire");
             row.id = made_at(t(60));
             s.row(row);
         },
         "missed",
         "The fire at " + at(0) + " was missed: the scheduler came to it at " + at(60) +
             ", 1 min after its time, and misfire_grace_time allows 5 s." + until},
        {"several beyond grace",
         [](Story& s) {
             s.def->misfire_grace = 5 * kSecond;
             RunView row = s.run(RunState::missed, "misfire");
             coalesced(row);
             row.id = made_at(t(60));
             s.row(row);
         },
         "missed",
         "The fire at " + at(0) + " was missed, with 3 others from " + at(-30) + " to " + at(0) +
             ": the scheduler came to it at " + at(60) +
             ", 1 min after the newest of them, and misfire_grace_time allows 5 s." + until},
        {"before the job had that time",
         [](Story& s) {
             s.def->misfire_grace = 5 * kSecond;
             s.fire.record.job.state.armed_at = t(59);
             RunView row = s.run(RunState::missed, "misfire");
             row.id = made_at(t(60));
             s.row(row);
         },
         "missed",
         "The fire at " + at(0) + " was missed: the scheduler came to it at " + at(60) +
             ", 1 min after its time, and misfire_grace_time allows 5 s. The job was only given this time at " +
             at(59) + "."},
        {"policy",
         [](Story& s) {
             s.def->misfire = MisfirePolicy::skip;
             RunView row = s.run(RunState::missed, "misfire");
             row.id = made_at(t(2));
             s.row(row);
         },
         "missed",
         "The fire at " + at(0) + " was missed: the scheduler came to it at " + at(2) +
             ", 2 s after its time, and the job does not run late fires (misfire_policy is skip)." + until},
        {"cap", [](Story& s) { s.row(s.run(RunState::missed, "cap")); }, "missed",
         "The fire at " + at(0) +
             " was missed: so many late fires were due at once that only the newest 100 were run."},
    });
}

BOOST_AUTO_TEST_CASE(why_a_fire_was_skipped_is_told_with_what_was_in_the_way) {
    const std::string skipped = "The fire at " + at(0) + " was skipped: ";
    check({
        {"overlap", [](Story& s) { s.row(s.run(RunState::skipped, "overlap")); }, "skipped",
         skipped + "the job had 1 run that had not ended (max_instances is 1, overlap is skip)."},
        {"overlap, still there",
         [](Story& s) {
             s.def->max_instances = 2;
             s.row(s.run(RunState::skipped, "overlap"));
             s.fire.live = {s.ran(s.run(RunState::running), 2, 0), s.ran(s.run(RunState::running), -60, 0)};
         },
         "skipped",
         skipped + "the job had 2 runs that had not ended (max_instances is 2, overlap is skip). RUN, running since " +
             at(-60) + ", still has not ended."},
        {"overlap, what is in the way waits itself",
         [](Story& s) {
             RunView row = s.run(RunState::skipped, "overlap");
             row.id = made_at(t(0), 1);
             s.row(row);
             s.fire.full = {{"tag:db", 2, 2}};
             s.fire.live = {s.run(RunState::ready)};
         },
         "skipped",
         skipped + "the job had 1 run that had not ended (max_instances is 1, overlap is skip). RUN is ready since " +
             at(1) + " and waits for a place under limits.tag.db (2 of 2 taken)."},
        {"retried by hand",
         [](Story& s) {
             RunView again = s.ran(s.run(RunState::succeeded), 60, 61);
             again.attempt = 2;
             s.row(s.run(RunState::skipped, "paused"), {again});
         },
         "succeeded",
         skipped + "the job was paused then. It was run by hand later. Attempt 2 ran from " + at(60) + " to " + at(61) +
             " (1 s) in process 7 and succeeded."},
        {"queue full", [](Story& s) { s.row(s.run(RunState::skipped, "queue_full")); }, "skipped",
         skipped + "as many runs of the job waited already as max_queued allows (10)."},
        {"paused", [](Story& s) { s.row(s.run(RunState::skipped, "paused")); }, "skipped",
         skipped + "the job was paused then."},
        {"deleted", [](Story& s) { s.row(s.run(RunState::skipped, "deleted")); }, "skipped",
         skipped + "it was due and not yet begun when the job was deleted."},
        {"replaced", [](Story& s) { s.row(s.run(RunState::skipped, "replaced")); }, "skipped",
         skipped + "a newer run took its place while it waited (overlap is replace)."},
        {"unknown", [](Story& s) { s.row(s.run(RunState::skipped, "moon")); }, "skipped", skipped + "reason moon."},
    });
}

BOOST_AUTO_TEST_CASE(an_instant_inside_a_row_that_is_no_fire_is_told_so) {
    Story story;
    RunView row = story.run(RunState::skipped, "overlap");
    coalesced(row);
    story.row(row);
    story.fire.time = t(-15);
    const Explanation answer = story.tell();
    BOOST_TEST(answer.outcome == "no_fire");
    BOOST_TEST(!answer.is_fire);
    BOOST_TEST(answer.text == "The job does not fire at " + at(-15) + ": it does before that, at " + at(-20) +
                                  ", and after it at " + at(-10) + ". It lies among the 4 fires from " + at(-30) +
                                  " to " + at(0) + " that execution RUN accounts for (skipped).");
}

BOOST_AUTO_TEST_SUITE_END()
