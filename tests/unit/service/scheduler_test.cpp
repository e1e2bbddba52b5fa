#include "unit/service/setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using foliot::testing::Setup;
using store::EngineState;

namespace {

struct SchedulerSetup : Setup {
    std::vector<Micros> waits;
    service::Scheduler scheduler{*store,
                                 [this](Micros limit) {
                                     waits.push_back(limit);
                                     return true;
                                 },
                                 {30 * kSecond, true}};
};

auto says(const std::string& text) {
    return [text](const RequestError& e) { return e.problem() == Problem::wrong_state && e.what() == text; };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(the_scheduler, SchedulerSetup)

BOOST_AUTO_TEST_CASE(it_runs_at_first_and_pause_and_resume_are_idempotent) {
    BOOST_TEST((scheduler.state(as(vera)) == EngineState::running));
    scheduler.resume(as(olga));
    scheduler.pause(as(olga));
    scheduler.pause(as(olga));
    BOOST_TEST((scheduler.state(as(vera)) == EngineState::paused));
    scheduler.resume(as(olga));
    BOOST_TEST((scheduler.state(as(vera)) == EngineState::running));
    BOOST_TEST(events() == (std::vector<std::string>{"paused", "resumed"}));
}

BOOST_AUTO_TEST_CASE(start_is_for_a_stopped_one_and_everything_else_is_not) {
    BOOST_CHECK_EXCEPTION(scheduler.start(as(root)), RequestError, says("Scheduler is already running"));
    scheduler.pause(as(root));
    BOOST_CHECK_EXCEPTION(scheduler.start(as(root)), RequestError, says("Scheduler is already running"));
    scheduler.shut_down(as(root), false);
    BOOST_TEST((scheduler.state(as(vera)) == EngineState::stopped));
    BOOST_CHECK_EXCEPTION(scheduler.pause(as(root)), RequestError, says("Scheduler is not running"));
    BOOST_CHECK_EXCEPTION(scheduler.resume(as(root)), RequestError, says("Scheduler is not running"));
    BOOST_CHECK_EXCEPTION(scheduler.shut_down(as(root), true), RequestError, says("Scheduler is not running"));
    BOOST_TEST(waits.empty());
    scheduler.start(as(root));
    BOOST_TEST((scheduler.state(as(vera)) == EngineState::running));
}

BOOST_AUTO_TEST_CASE(a_shutdown_waits_at_most_as_long_as_configured) {
    BOOST_TEST(scheduler.shut_down(as(root), true));
    BOOST_TEST(waits == std::vector<Micros>{30 * kSecond});
}

BOOST_AUTO_TEST_CASE(the_state_outlives_the_server) {
    scheduler.shut_down(as(root), false);
    store.reset();
    store = store::open_sqlite({folder / "foliot.db"}, clock);
    BOOST_TEST((store->read()->engine_state() == EngineState::stopped));
}

BOOST_AUTO_TEST_CASE(start_and_shutdown_are_for_admins_pause_and_resume_for_operators) {
    const auto forbidden = foliot::testing::refused(Problem::forbidden);
    BOOST_CHECK_EXCEPTION(scheduler.start(as(olga)), RequestError, forbidden);
    BOOST_CHECK_EXCEPTION(scheduler.shut_down(as(olga), true), RequestError, forbidden);
    BOOST_CHECK_EXCEPTION(scheduler.pause(as(vera)), RequestError, forbidden);
    BOOST_CHECK_EXCEPTION(scheduler.resume(as(vera)), RequestError, forbidden);
}

BOOST_AUTO_TEST_CASE(on_a_host_that_is_not_allowed_it_is_stopped_and_start_does_nothing) {
    service::Scheduler elsewhere{*store, [](Micros) { return true; }, {kSecond, false}};
    BOOST_TEST((elsewhere.state(as(vera)) == EngineState::stopped));
    elsewhere.start(as(root));
    BOOST_TEST((elsewhere.state(as(vera)) == EngineState::stopped));
    BOOST_CHECK_EXCEPTION(elsewhere.pause(as(root)), RequestError, says("Scheduler is not running"));
    BOOST_TEST(audit().empty());
}

BOOST_AUTO_TEST_SUITE_END()
