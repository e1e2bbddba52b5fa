// An edit leaves the times of a job alone, unless it says something of them that was not so before.
#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using foliot::testing::Setup;
using service::JobEdit;
using service::NextRun;

namespace {

constexpr Micros kHour = 3600 * kSecond;

service::TriggerEdit as_it_is() {
    return [](const trigger::Trigger* present, Micros) { return *present; };
}

service::TriggerEdit at_minute(const std::string& minute) {
    return [minute](const trigger::Trigger*, Micros) -> trigger::Trigger {
        std::array<std::optional<std::string>, trigger::kFieldCount> given;
        given[static_cast<std::size_t>(trigger::Field::minute)] = minute;
        return trigger::make_cron(std::move(given), {}, {});
    };
}

struct JobTimes : Setup {
    Micros add(service::TriggerEdit trigger) {
        auto wish = hourly("a");
        wish.fields.trigger = std::move(trigger);
        return jobs.add(as(olga), wish).job->state.next_fire.value();
    }
    Job edit(const JobEdit& edit) { return jobs.edit(as(olga), "a", edit).value(); }
    Job by_hand(Micros at) {
        JobEdit hand;
        hand.next_run = NextRun{at, 0};
        return edit(hand);
    }
    template <class T>
    T trigger_of(const Job& job) {
        return std::get<T>(job.definition.trigger);
    }
    JobEdit renamed() const {
        JobEdit edit;
        edit.name = "another name";
        return edit;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_times, JobTimes)

BOOST_AUTO_TEST_CASE(a_next_run_that_is_sent_back_is_taken_however_long_ago_it_was) {
    const Micros shown = add(every(kHour));
    clock.advance(72 * kHour);
    JobEdit back = renamed();
    back.next_run = NextRun{shown, 0};
    const Job edited = edit(back);
    BOOST_TEST(edited.definition.name == "another name");
    BOOST_TEST(edited.state.next_fire.value() == shown + 72 * kHour, "the grid stays");
    BOOST_TEST(store->read()->fires_accounted(edited.state.key) == 72);
}

BOOST_AUTO_TEST_CASE(a_trigger_that_stays_as_it_is_leaves_a_next_run_set_by_hand_alone) {
    add(at_minute("30"));
    const Micros hand = clock.now() + 100 * kHour;
    by_hand(hand);
    JobEdit same = renamed();
    same.trigger = as_it_is();
    BOOST_TEST(edit(same).state.next_fire.value() == hand);
    same.trigger = at_minute("30");
    BOOST_TEST(edit(same).state.next_fire.value() == hand);
    same.trigger = at_minute("31");
    BOOST_TEST(edit(same).state.next_fire.value() < hand);
}

BOOST_AUTO_TEST_CASE(a_trigger_that_is_meant_anew_counts_from_now) {
    const Micros first = add(at_minute("30"));
    const Micros hand = clock.now() + 100 * kHour;
    by_hand(hand);
    JobEdit anew;
    anew.trigger = as_it_is();
    anew.reschedule = true;
    anew.next_run = NextRun{hand, 0};
    BOOST_TEST(edit(anew).state.next_fire.value() == hand, "not when all was sent back");
    anew.next_run.reset();
    BOOST_TEST(edit(anew).state.next_fire.value() == first);
}

BOOST_AUTO_TEST_CASE(another_trigger_beside_the_next_run_as_it_was_shown_has_its_own_times) {
    const Micros shown = add(at_minute("30"));
    JobEdit change;
    change.trigger = at_minute("*");
    change.next_run = NextRun{shown, 0};
    BOOST_TEST(edit(change).state.next_fire.value() < shown);
}

BOOST_AUTO_TEST_CASE(no_next_run_is_sent_back_by_a_job_that_has_none) {
    auto over = hourly("a");
    over.fields.trigger = [](const trigger::Trigger*, Micros now) -> trigger::Trigger {
        return trigger::Interval{.every = kSecond, .start = now - kHour, .end = now - kSecond};
    };
    BOOST_TEST(!jobs.add(as(olga), over).job->state.next_fire);
    JobEdit back = renamed();
    back.next_run = NextRun{};
    BOOST_TEST((edit(back).state.status == JobStatus::active));
}

BOOST_AUTO_TEST_CASE(any_word_about_its_trigger_mends_a_broken_job) {
    add(every(kHour));
    clock.advance(kHour);
    store->turn(fence, {},
                [](const DueJob& due, Micros now, Micros) { return broken_plan(due.job, now, "no such month"); });
    BOOST_TEST((jobs.get(as(olga), "a").state.status == JobStatus::broken));
    BOOST_TEST((edit(renamed()).state.status == JobStatus::broken));
    JobEdit same;
    same.trigger = as_it_is();
    const Job mended = edit(same);
    BOOST_TEST((mended.state.status == JobStatus::active));
    BOOST_TEST(mended.state.next_fire.value() == clock.now() + kHour);
}

BOOST_AUTO_TEST_CASE(a_next_run_may_be_set_after_the_end_of_an_interval) {
    add([](const trigger::Trigger*, Micros now) -> trigger::Trigger {
        return trigger::Interval{.every = kHour, .start = now + kHour, .end = now + 2 * kHour};
    });
    const Micros hand = clock.now() + 10 * kHour;
    BOOST_TEST(by_hand(hand).state.next_fire.value() == hand);
    clock.advance(10 * kHour);
    BOOST_TEST(turn(1).assigned.size() == 1U);
    BOOST_REQUIRE(runs().size() == 1U);
    BOOST_TEST(runs().front().nominal == hand);
    BOOST_TEST((store->read()->latest_job("a")->job.state.status == JobStatus::finished));
}

BOOST_AUTO_TEST_CASE(a_next_run_set_by_hand_is_the_only_one_of_a_date_which_stays_as_it_was_given) {
    const Micros given = clock.now() + 50 * kHour;
    add(at(given));
    const Micros hand = clock.now() + kHour;
    const Job edited = by_hand(hand);
    BOOST_TEST(edited.state.next_fire.value() == hand);
    BOOST_TEST((trigger::written_date(trigger_of<trigger::Date>(edited)) == trigger::Written{given, 0}));
    BOOST_TEST(
        (trigger::written_date(trigger_of<trigger::Date>(by_hand(hand + kSecond))) == trigger::Written{given, 0}));
    clock.advance(2 * kHour);
    turn(1);
    BOOST_TEST((store->read()->latest_job("a")->job.state.status == JobStatus::finished));
    clock.advance(50 * kHour);
    BOOST_TEST(turn(1).assigned.empty());
    BOOST_TEST(runs().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_start_set_by_hand_is_no_default) {
    add([](const trigger::Trigger*, Micros now) -> trigger::Trigger {
        return trigger::Interval{.every = kHour, .start = now + kHour, .end = {}, .start_defaulted = true};
    });
    BOOST_TEST(!trigger_of<trigger::Interval>(by_hand(clock.now() + 2 * kHour)).start_defaulted);
}

BOOST_AUTO_TEST_CASE(a_union_of_seconds_that_was_paused_for_a_year_is_accounted_for) {
    const trigger::Interval every_second{.every = kSecond, .start = clock.now() + kSecond, .end = {}};
    add([=](const trigger::Trigger*, Micros) -> trigger::Trigger {
        return trigger::make_any({every_second, trigger::make_crontab("*/2 * * * * *", {}, {})});
    });
    const JobKey key = jobs.pause(as(root), "a")->state.key;
    constexpr Micros kSeconds = 365 * 86'400;
    clock.advance(kSeconds * kSecond);
    jobs.resume(as(root), "a");
    BOOST_TEST(store->read()->fires_accounted(key) == kSeconds + 1);  // the first second counts too
}

BOOST_AUTO_TEST_CASE(a_job_that_runs_by_hand_only_goes_on_after_a_pause) {
    service::NewJob wish = hourly("a");
    wish.fields.trigger = [](const trigger::Trigger*, Micros) -> trigger::Trigger { return trigger::None{}; };
    jobs.add(as(olga), wish);
    jobs.pause(as(root), "a");
    BOOST_REQUIRE(jobs.resume(as(root), "a"));
    BOOST_TEST((jobs.get(as(root), "a").state.status == JobStatus::active));
    jobs.run_now(as(root), "a");
}

BOOST_AUTO_TEST_SUITE_END()
