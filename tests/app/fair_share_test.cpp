// A module whose runs take long does not keep the others out.
#include "app/fixture.hpp"

#include <algorithm>

namespace foliot::testing {
namespace {

struct Shared : ServerFixture {
    /// Two modules that were seen, then more runs of one than there are workers, which last longer than the test.
    void fill(const std::string& kept) {
        settings = {"workers.max=3", "workers.grace=1", "workers.kept=" + kept, "shutdown.grace=0"};
        start();
        run("quick", "sample:hello");
        BOOST_TEST(ended("quick").state == "succeeded");
        for (int i = 0; i < 6; ++i) run("long" + std::to_string(i), "tasks:slow", R"(,"args":[600])");
    }
    std::ptrdiff_t count(const std::string& state) const {
        std::ptrdiff_t found = 0;
        for (int i = 0; i < 6; ++i) {
            const auto runs = executions("long" + std::to_string(i));
            found += std::count_if(runs.begin(), runs.end(), [&](const auto& one) { return one.state == state; });
        }
        return found;
    }
    void run_quick() { BOOST_REQUIRE(server->client().post("/scheduler/jobs/quick/run").status == 200); }
};

BOOST_FIXTURE_TEST_SUITE(fair_share, Shared)

BOOST_AUTO_TEST_CASE(quick_runs_of_another_module_go_on_while_long_ones_fill_all_but_a_worker) {
    fill("1");
    BOOST_REQUIRE(wait_until([&] { return count("running") == 2; }));
    for (std::size_t i = 2; i < 7; ++i) {
        run_quick();
        BOOST_REQUIRE(wait_until([&] { return executions("quick").size() == i; }));
        BOOST_TEST(ended("quick").state == "succeeded");
        BOOST_TEST(count("running") == 2);
        BOOST_TEST(count("scheduled") == 4);
    }
}

BOOST_AUTO_TEST_CASE(with_nothing_kept_they_wait) {
    fill("0");
    BOOST_REQUIRE(wait_until([&] { return count("running") == 3; }));
    run_quick();
    BOOST_REQUIRE(wait_until([&] { return executions("quick").size() == 2; }));
    BOOST_TEST(executions("quick").front().state == "scheduled");
    for (int i = 0; i < 6; ++i)
        BOOST_TEST(server->client().send("DELETE", "/api/v1/jobs/long" + std::to_string(i)).status < 300);
    for (int i = 0; i < 6; ++i) {
        for (const auto& one : executions("long" + std::to_string(i))) {
            if (one.state == "running") server->client().send("DELETE", "/api/v1/executions/" + one.id);
        }
    }
    BOOST_TEST(ended("quick").state == "succeeded");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
