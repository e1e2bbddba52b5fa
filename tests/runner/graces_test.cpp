// How long a run may take to end once it was asked to.
#include "pool_fixture.hpp"
#include "support/pauses.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace foliot;
using namespace foliot::testing;

namespace {

std::string word_in(const std::filesystem::path& file) {
    std::string word;
    std::ifstream(file) >> word;
    return word;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_program_that_tidies_up_when_it_gets_sigterm_has_half_a_second_for_it) {
    Pool pool(1, 2 * kSecond);
    const auto file = pool.folder / "said";
    const RunId run = pool.submit("run_awaits_a_program", 0, R"({"path":")" + file.string() + R"("})");
    BOOST_REQUIRE(pool.turn_until([&] { return word_in(file) == "ready"; }));
    pool.supervisor->stop(run, StopWhy::user);
    BOOST_TEST(pool.reason_of(run) == "stopped");
    BOOST_TEST(word_in(file) == "tidy");
    const std::string& error = pool.finished.at(run).verdict.error;
    BOOST_TEST(error.find("the program ended with") != std::string::npos, error);
}

BOOST_AUTO_TEST_CASE(a_run_that_hears_nothing_is_killed_half_a_second_after_the_grace) {
    for (const char* module : {"run_spin", "run_ignores_sigterm"}) {
        constexpr Micros kGrace = 700 * kMillisecond;
        Pool pool(1, kGrace);
        const RunId run = pool.submit(module);
        BOOST_REQUIRE(pool.turn_until_started(run));
        const Pauses pauses;
        const Micros asked = pool.clock.monotonic();
        pool.supervisor->stop(run, StopWhy::user);
        BOOST_TEST(pool.reason_of(run) == "stopped");
        BOOST_TEST(pool.finished.at(run).verdict.error.ends_with("was killed"));
        const Micros took = pool.clock.monotonic() - asked;
        BOOST_TEST(took >= kGrace + 500 * kMillisecond);
        BOOST_TEST(took - pauses.total() < kGrace + kSecond);
    }
}
