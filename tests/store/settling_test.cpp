// What an edit, a pause, a resume or a delete finds due is in history before anything changes, however much it is.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

Definition each_second() {
    Definition def;
    def.name = "job";
    def.func = {"module", "function"};
    def.trigger = trigger::make_cron({}, {}, {});
    return def;
}

constexpr std::int64_t kYear = 365 * 86'400;

}  // namespace

BOOST_AUTO_TEST_SUITE(settling)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_long_sleep_of_a_cron_is_settled_whole_on_resume, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a", each_second());
    w.pause(key);
    w.clock.advance(kYear * kSecond);
    const auto begin = std::chrono::steady_clock::now();
    w.resume(key, each_second());
    const auto took = std::chrono::steady_clock::now() - begin;
    BOOST_TEST_MESSAGE("a year's pause of a second's cron ends within "
                       << std::chrono::duration_cast<std::chrono::microseconds>(took).count() << " us");
    BOOST_TEST((took < std::chrono::seconds(1)));
    BOOST_TEST(w.accounted(key) == kYear + 1);
    BOOST_TEST(w.job(key).state.status == JobStatus::active);
    BOOST_TEST(w.runs_of(key).size() == 2U);  // the first fire, due when it was paused, and all that it slept through
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_a_deleted_cron_still_owed_is_settled_whole, Backend, Backends) {
    On<Backend> w;
    const JobKey key = w.put("a", each_second());
    w.clock.advance(kYear * kSecond);
    w.write([&](Tx& tx) {
        tx.settle(key, World::planned(Occasion::remove));
        tx.remove(key);
    });
    BOOST_TEST(w.accounted(key) == kYear + 1);
    BOOST_TEST(w.job(key).state.status == JobStatus::deleted);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(fires_behind_a_full_queue_are_settled_too, Backend, Backends) {
    On<Backend> w;
    Definition def = w.every_second();
    def.coalesce = false;
    def.misfire = MisfirePolicy::all;
    def.overlap = Overlap::queue;
    def.max_queued = 1;
    def.max_runs = 9;
    const JobKey key = w.put("a", def);
    w.clock.advance(kSecond);
    BOOST_TEST(w.turn().assigned.size() == 1U);
    w.clock.advance(40 * kSecond);
    w.pause(key);
    BOOST_TEST(w.accounted(key) == 41);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_job_that_has_nothing_left_on_resume_lets_its_queued_run_go, Backend, Backends) {
    On<Backend> w;
    Definition def = w.every_second();
    std::get<trigger::Interval>(def.trigger).end = w.clock.now() + 2 * kSecond;
    const JobKey key = w.put("a", def);
    w.clock.advance(kSecond);
    w.turn(0);
    w.pause(key);
    w.clock.advance(10 * kSecond);
    w.write([&](Tx& tx) { tx.settle(key, World::planned(Occasion::resume)); });
    BOOST_TEST(w.job(key).state.status == JobStatus::finished);
    BOOST_TEST(w.turn().assigned.size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_given_back_by_a_paused_job_waits_for_the_job, Backend, Backends) {
    On<Backend> w;
    const Definition def = w.every_second();
    const JobKey key = w.put("a", def);
    w.clock.advance(kSecond);
    const Assigned run = w.turn().assigned.at(0);
    w.pause(key);
    TurnIn in;
    in.room.any = 4;
    in.given_back.push_back({run.run, run.claim});
    BOOST_TEST(w.turn(in).assigned.empty());
    BOOST_TEST(w.run(run.run).state == RunState::blocked);
    BOOST_TEST(w.run(run.run).reason == "paused");
    w.resume(key, def);
    BOOST_TEST(w.turn().assigned.at(0).run == run.run);
}

BOOST_AUTO_TEST_SUITE_END()
