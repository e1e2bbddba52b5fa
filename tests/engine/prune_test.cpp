#include "engine/fixture.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

namespace foliot::testing {
namespace {

constexpr Micros kDay = 86'400 * kSecond;

struct PruneFixture : EngineFixture {
    engine::Prune prune{*store, clock, {.max_age = kDay}};

    /// Units until there is nothing more to do now.
    int passes() {
        int steps = 1;
        while (prune.step()) ++steps;
        return steps;
    }
    void make_history(int rows) {
        add("job", every(kSecond));
        for (int i = 0; i < rows; ++i) {
            clock.advance(kSecond);
            settle();
            runner.end(clock, success());
            settle();
        }
    }
};

BOOST_FIXTURE_TEST_SUITE(prune, PruneFixture)

BOOST_AUTO_TEST_CASE(history_goes_in_small_units_and_the_next_look_is_a_minute_later) {
    make_history(450);
    BOOST_TEST(passes() < 10);
    BOOST_TEST(runs().size() == 450U);
    BOOST_TEST(prune.next() == clock.now() + 60 * kSecond);
    clock.advance(2 * kDay);
    BOOST_TEST(prune.step());
    BOOST_TEST(runs().size() == 250U);
    passes();
    BOOST_TEST(runs().empty());
    BOOST_TEST(!prune.step());
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_does_not_stop_pruning) {
    passes();
    clock.set_wall(clock.now() - 1'000 * kDay);
    passes();
    BOOST_TEST(prune.next() == clock.now() + 60 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_running_engine_prunes_when_it_has_nothing_to_do) {
    make_history(300);
    store->write(store::Store::Class::api, [&](store::Tx& tx) { tx.pause(tx.job("job")->state.key); });
    clock.advance(2 * kDay);
    engine.keep_history({.max_age = kDay});
    std::thread thread([&] { engine.run(); });
    BOOST_TEST(wait_until([&] { return runs().empty(); }));
    engine.stop();
    thread.join();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
