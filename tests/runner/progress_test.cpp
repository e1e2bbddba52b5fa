// How far a run says that it is.
#include "pool_fixture.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// What the sample module's function `progress` takes.
RunId steps(Pool& pool, int count, double seconds) {
    static const auto sample = module_at(std::filesystem::path(FOLIOT_MODULES_DIR) / "sample.so");
    return pool.submit(pool.order(
        sample, 4, R"({"steps":)" + std::to_string(count) + R"(,"step_seconds":)" + std::to_string(seconds) + "}"));
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_a_run_says_of_its_progress_is_told_while_it_runs_and_with_its_end) {
    Pool pool(1);
    const RunId run = steps(pool, 4, 0.4);
    BOOST_TEST(pool.turn_until([&] { return !pool.progress[run].empty(); }));
    BOOST_TEST(pool.finished.empty());
    const auto& first = pool.progress[run].front();
    BOOST_TEST(first.note == "step 1 of 4");
    BOOST_TEST(first.fraction.value() == 0.25);
    const auto& last = pool.result_of(run).progress;
    BOOST_REQUIRE(last);
    BOOST_TEST(last->note == "step 4 of 4");
    BOOST_TEST(last->fraction.value() == 1.0);
    BOOST_TEST(pool.progress[run].size() <= 4U);
}

BOOST_AUTO_TEST_CASE(of_a_run_that_is_over_at_once_the_end_tells_its_progress) {
    Pool pool(1);
    const RunId run = steps(pool, 1, 0);
    BOOST_TEST(pool.result_of(run).progress.value().note == "step 1 of 1");
    BOOST_TEST(pool.progress[run].size() <= 1U);
    BOOST_TEST(!pool.result_of(pool.submit("tasks")).progress);
}

/// As after a stall of the server: two words come together, and then none for long.
BOOST_AUTO_TEST_CASE(the_last_of_words_that_come_together_is_told_before_the_next_comes) {
    Pool pool(1);
    const RunId run = steps(pool, 3, 0.6);
    BOOST_TEST(pool.turn_until_started(run));
    const Micros both_said = pool.clock.monotonic() + 1'400 * kMillisecond;
    BOOST_TEST(wait_until([&] { return pool.clock.monotonic() >= both_said; }));  // the server does not look
    BOOST_TEST(pool.turn_until([&] {
        const auto& told = pool.progress[run];
        return !told.empty() && told.back().note == "step 2 of 3";
    }));
    BOOST_TEST(pool.finished.empty());
}

BOOST_AUTO_TEST_CASE(who_floods_us_with_progress_is_not_passed_on) {
    Pool pool(1);
    const Micros start = pool.clock.monotonic();
    const RunId run = pool.submit("run_floods_frames");
    pool.result_of(run);
    const Micros took = pool.clock.monotonic() - start;
    BOOST_TEST(pool.progress[run].size() <= static_cast<std::size_t>(took / (100 * kMillisecond)) + 1);
    BOOST_TEST(pool.result_of(run).progress.value().note == "flooding");
}
