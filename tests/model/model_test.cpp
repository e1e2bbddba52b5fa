#include "model/life.hpp"
#include "support/how_much.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// FOLIOT_SEED=N lives that one life again; FOLIOT_SEEDS=N lives so many.
void live(unsigned seed) {
    Life life(seed);
    try {
        life.live(60);
    } catch (const std::exception& error) {
        BOOST_FAIL("seed " << seed << ": " << error.what() << "\n" << life.story());
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(whatever_happens_every_fire_is_accounted_for_and_nothing_runs_twice) {
    const unsigned first = number_from("FOLIOT_SEED", 1);
    const unsigned count = number_from("FOLIOT_SEEDS", first != 1 ? 1 : long_run() ? 5'000 : 150);
    for (unsigned seed = first; seed < first + count; ++seed) live(seed);
}
