#include "engine/fixture.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

namespace foliot::testing {
namespace {

using Turns = FailingStore::Turns;

struct StoreAwayFixture : EngineFixture {
    FailingStore failing{*store};
    engine::Engine shaky{failing, runner, resolve, clock, store->join({"node", "boot"})};

    void crank() {
        while (shaky.step()) {}
    }
    /// The clock of the test stands still, so nothing else wakes an engine that waits to try again.
    bool woken_until(const std::function<bool()>& condition) {
        return wait_until([&] {
            shaky.wake();
            return condition();
        });
    }
    /// One run of "job" is with a worker.
    void start_a_run() {
        add("job", at(clock.now() + kSecond));
        clock.advance(kSecond);
        crank();
        BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    }
};

BOOST_FIXTURE_TEST_SUITE(store_away, StoreAwayFixture)

BOOST_AUTO_TEST_CASE(an_end_that_could_not_be_stored_is_stored_when_the_store_comes_back) {
    start_a_run();
    failing.turns = Turns::are_refused;
    runner.end(clock, success());
    for (int i = 0; i < 3; ++i) BOOST_TEST(!shaky.step());
    BOOST_TEST(shaky.next_wake().value() == clock.now() + kSecond);
    BOOST_TEST(wire_name(runs().at(0).state) == "scheduled");
    failing.turns = Turns::work;
    crank();
    BOOST_TEST(wire_name(runs().at(0).state) == "succeeded");
}

BOOST_AUTO_TEST_CASE(what_came_due_in_the_hours_that_the_store_was_away_is_late) {
    const auto minute_of_grace = [](Definition& def) { def.misfire_grace = 60 * kSecond; };
    add("daily", every(24 * 3'600 * kSecond), minute_of_grace);
    clock.advance(23 * 3'600 * kSecond);
    crank();
    failing.turns = Turns::are_refused;
    shaky.step();
    clock.advance(4 * 3'600 * kSecond);
    shaky.step();
    add("patient", at(clock.now() - 3'600 * kSecond), [](Definition& def) { def.misfire_grace.reset(); });
    failing.turns = Turns::work;
    crank();
    BOOST_REQUIRE_EQUAL(runner.with_worker.size(), 1U);
    BOOST_TEST(runner.with_worker.front().assigned.job_id == "patient");
    for (const auto& run : runs()) BOOST_TEST((run.job_id == "patient" || run.reason == "misfire"));
}

BOOST_AUTO_TEST_CASE(a_store_that_was_away_for_a_moment_makes_nothing_late) {
    add("strict", every(10 * kSecond), [](Definition& def) { def.misfire = MisfirePolicy::skip; });
    clock.advance(9 * kSecond);
    failing.turns = Turns::are_refused;
    shaky.step();
    clock.advance(3 * kSecond);
    failing.turns = Turns::work;
    crank();
    BOOST_TEST(runner.with_worker.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_stopping_engine_waits_half_a_minute_for_the_store_and_no_longer) {
    start_a_run();
    failing.turns = Turns::are_refused;
    runner.end(clock, success());
    std::atomic<bool> ended{false};
    shaky.stop();
    std::thread thread([&] {
        shaky.run();
        ended = true;
    });
    BOOST_TEST(woken_until([&] { return failing.refused > 2; }));
    clock.advance(29 * kSecond);
    const int before = failing.refused;
    BOOST_TEST(woken_until([&] { return failing.refused > before + 2; }));
    BOOST_TEST(!ended);
    clock.advance(2 * kSecond);
    BOOST_TEST(woken_until([&] { return ended.load(); }));
    thread.join();
}

BOOST_AUTO_TEST_CASE(an_engine_that_cannot_know_what_was_stored_ends_at_once) {
    start_a_run();
    failing.turns = Turns::are_unknown;
    BOOST_CHECK_THROW(shaky.run(), store::CommitUnknown);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
