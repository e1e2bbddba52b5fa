// Requests that are sent again with the same Idempotency-Key.
#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using foliot::testing::refused;
using foliot::testing::Setup;

namespace {

struct OnceSetup : Setup {
    service::Caller with(const Principal& who, const std::string& key, const std::string& asked = "the body") const {
        return {who, "test", service::Once{key, asked}};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(requests_once, OnceSetup)

BOOST_AUTO_TEST_CASE(a_job_is_added_once_and_told_the_same_again) {
    auto wish = hourly("");
    wish.id.reset();
    const auto first = jobs.add(with(olga, "k"), wish);
    const auto again = jobs.add(with(olga, "k"), wish);
    BOOST_TEST(first.id == again.id);
    BOOST_REQUIRE(again.job);
    BOOST_TEST((again.job->state.key == first.job->state.key));
    BOOST_TEST(jobs.list(as(olga)).items.size() == 1U);
    BOOST_TEST(events() == std::vector<std::string>{"added"});
    jobs.remove(as(olga), first.id);
    const auto gone = jobs.add(with(olga, "k"), wish);
    BOOST_TEST(gone.id == first.id);
    BOOST_TEST(!gone.job);
    BOOST_TEST(jobs.list(as(olga)).items.empty());
}

BOOST_AUTO_TEST_CASE(what_was_added_is_told_again_when_its_function_is_gone) {
    auto wish = hourly("a");
    const auto first = jobs.add(with(olga, "k"), wish);
    wish.fields.func = func("tasks:gone");
    BOOST_TEST(jobs.add(with(olga, "k"), wish).id == first.id);
    BOOST_CHECK_EXCEPTION(jobs.add(with(olga, "other"), wish), RequestError, refused(Problem::invalid, "func"));
}

BOOST_AUTO_TEST_CASE(a_job_is_run_once_and_other_keys_run_it_again) {
    jobs.add(as(olga), hourly("a"));
    const RunId first = jobs.run_now(with(olga, "k"), "a");
    BOOST_TEST((jobs.run_now(with(olga, "k"), "a") == first));
    BOOST_TEST(runs().size() == 1U);
    BOOST_TEST((jobs.run_now(with(olga, "other"), "a") != first));
    BOOST_TEST((jobs.run_now(with(root, "k"), "a") != first));
    BOOST_TEST((jobs.run_now(as(olga), "a") != first));
    BOOST_TEST(runs().size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_key_that_came_with_another_request_is_refused) {
    jobs.add(as(olga), hourly("a"));
    jobs.run_now(with(olga, "k"), "a");
    BOOST_CHECK_EXCEPTION(jobs.run_now(with(olga, "k", "another body"), "a"), RequestError, refused(Problem::conflict));
    BOOST_TEST(runs().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refused_request_leaves_its_key_free) {
    BOOST_CHECK_EXCEPTION(jobs.run_now(with(olga, "k"), "a"), RequestError, refused(Problem::not_found));
    jobs.add(as(olga), hourly("a"));
    jobs.run_now(with(olga, "k"), "a");
    BOOST_TEST(runs().size() == 1U);
}

BOOST_AUTO_TEST_CASE(who_may_not_do_it_is_not_told_what_it_made) {
    jobs.add(as(olga), hourly("a"));
    jobs.run_now(with(olga, "k"), "a");
    const Principal reading{olga.account, olga.name, Role::operator_, Scope::read};
    BOOST_CHECK_EXCEPTION(jobs.run_now(with(reading, "k"), "a"), RequestError, refused(Problem::forbidden));
}

BOOST_AUTO_TEST_CASE(a_schedule_is_added_once) {
    service::ScheduleEdit wish;
    wish.rule = [](const trigger::Rule*, Micros now) -> trigger::Rule {
        return trigger::Interval{.every = 3600 * kSecond, .start = now, .end = {}};
    };
    const auto first = schedules.add(with(olga, "k"), wish);
    BOOST_TEST(schedules.add(with(olga, "k"), wish) == first);
    BOOST_TEST(schedules.list(as(olga), 10, 0).count == 1);
}

BOOST_AUTO_TEST_SUITE_END()
