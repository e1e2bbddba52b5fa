// Modules that want more workers than there are.
#include "pool_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

BOOST_AUTO_TEST_CASE(a_module_whose_runs_never_cease_leaves_a_worker_to_others) {
    Pool pool(1);
    const auto busy = fixture("bench");
    const std::string hold = R"({"path":")" + (pool.folder / "lines").string() + R"(","hold_ms":1})";
    for (int i = 0; i < 3; ++i) BOOST_REQUIRE_EQUAL(pool.reason_of(pool.submit("bench", kAppend, hold)), "");

    // The store fills a lane's own places first; one that any may take goes to whoever waits.
    std::optional<RunId> other;
    int fed = 0;
    const bool served = pool.turn_until(
        [&] {
            std::vector<runner::RunOrder> orders;
            for (const auto& lane : pool.room.lanes) {
                for (int i = 0; i < lane.places; ++i) orders.push_back(pool.order(busy, kAppend, hold));
            }
            // On a machine too slow to queue runs with a worker there are no places of its own.
            const int any = fed <= 100 && orders.empty() ? pool.room.any : 0;
            for (int i = 0; i < any; ++i) orders.push_back(pool.order(busy, kAppend, hold));
            fed += static_cast<int>(orders.size());
            pool.supervisor->submit(std::move(orders));
            if (!other && fed > 100 && pool.room.any > 0) other = pool.submit("tasks", kOk);
            return other && pool.finished.count(*other) > 0;
        },
        60 * kSecond);
    BOOST_TEST(served, "after " << fed << " runs of the other module" << (other ? "" : ", never let in"));
    BOOST_TEST(pool.reason_of(pool.submit("bench", kNoop)) == "");
}
