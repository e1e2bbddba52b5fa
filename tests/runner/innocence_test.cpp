// Runs that were sent to a worker and did not begin there are no worse for it.
#include "pool_fixture.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace foliot;
using namespace foliot::testing;

BOOST_AUTO_TEST_CASE(a_run_that_waits_behind_many_that_crash_is_run_at_last) {
    Pool pool(1);
    const auto module = fixture("run_aborts_if_told");
    const auto kwargs = [](const std::filesystem::path& path) { return R"({"path":")" + path.string() + R"("})"; };
    const std::string crash = kwargs(pool.folder / "crash");
    for (int i = 0; i < 3; ++i) BOOST_REQUIRE_EQUAL(pool.reason_of(pool.submit(pool.order(module, 0, crash))), "");
    std::ofstream(pool.folder / "crash") << "now";

    std::vector<runner::RunOrder> orders;
    std::vector<RunId> crashing;
    for (int i = 0; i < 6; ++i) {
        orders.push_back(pool.order(module, 0, crash));
        crashing.push_back(orders.back().assigned.run);
    }
    orders.push_back(pool.order(module, 0, kwargs(pool.folder / "nothing")));
    const RunId innocent = orders.back().assigned.run;
    pool.supervisor->submit(std::move(orders));  // fast as it is, all of them go to the one worker
    for (const RunId run : crashing) {
        BOOST_TEST(pool.reason_of(run) == "crashed:SIGABRT");
        BOOST_TEST(pool.finished.at(run).started > 0);
    }
    BOOST_TEST(pool.reason_of(innocent) == "");
}

BOOST_AUTO_TEST_CASE(what_waits_behind_a_run_that_was_stopped_before_its_turn_does_not_begin_with_its_worker) {
    Pool pool(1, 10 * kSecond);
    const auto module = fixture("run_dawdles");
    for (int i = 0; i < 100 && pool.room.lanes.empty(); ++i) pool.result_of(pool.submit(pool.order(module)));
    BOOST_REQUIRE(!pool.room.lanes.empty());  // fast enough to be queued ahead

    std::vector<runner::RunOrder> orders;
    orders.push_back(pool.order(module));
    orders.push_back(pool.order(module, 0, R"({"wait":true})"));
    orders.push_back(pool.order(module));
    const RunId stopped = orders.at(1).assigned.run;
    const RunId behind = orders.at(2).assigned.run;
    const std::int64_t claim = orders.at(1).assigned.claim;
    pool.supervisor->submit(std::move(orders));
    // The end of the first is not read yet when the second, which runs, is stopped.
    BOOST_REQUIRE(wait_until([&] { return pool.ledger.find(raw(stopped), claim).has_value(); }));
    pool.supervisor->stop(stopped, StopWhy::user);
    BOOST_TEST(pool.reason_of(stopped) == "stopped");
    BOOST_TEST(pool.reason_of(behind) == "");
    BOOST_TEST(pool.finished.at(behind).pid != pool.finished.at(stopped).pid);
}
