#include "base/log.hpp"
#include "model/life.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

using namespace foliot;
using namespace foliot::testing;

namespace {

unsigned number_from(const char* name, unsigned otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

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
    const unsigned count = number_from("FOLIOT_SEEDS", std::getenv("FOLIOT_SEED") != nullptr ? 1 : 150);
    for (unsigned seed = first; seed < first + count; ++seed) live(seed);
}
