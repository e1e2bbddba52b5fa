// The power fails between two changes of the disk: of what was not synced some is there and some is not, one write is
// torn. What a caller was told before that moment holds.
#include "fault_vfs.hpp"
#include "scenario.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

namespace foliot::testing {
namespace {

namespace utf = boost::unit_test;

constexpr int kLosses = 4;  // of one moment, each with another luck

int changes_of_a_whole_run() {
    const TempDir folder;
    FaultVfs disk;
    disk.crash_at(0, [] {});
    Scenario(folder.path()).run();
    return disk.changes();
}

void lose_power_once(unsigned seed, int changes) {
    std::minstd_rand random(seed);
    const TempDir folder;
    FaultVfs disk;
    Scenario scenario(folder.path());
    std::optional<Books> books;
    Micros now = 0;
    disk.crash_at(1 + static_cast<int>(random() % static_cast<unsigned>(changes)), [&] {
        books = scenario.books();
        now = scenario.now();
    });
    scenario.run();
    if (!books) return;  // the log is folded in at moments of its own: sometimes there are fewer changes
    const Disk crashed = disk.crashed();
    disk.crash_at(0, [] {});
    for (int i = 0; i < kLosses; ++i) {
        const TempDir left;
        lose_power(crashed, left.path(), random);
        check_books(left.path(), *books, now);
    }
}

void lose_power_with_seeds(unsigned count) {
    const int changes = changes_of_a_whole_run();
    BOOST_TEST(changes > 300);
    const unsigned first = std::random_device{}();
    for (unsigned i = 0; i < count; ++i) {
        BOOST_TEST_CONTEXT("seed " << first + i << ", " << changes << " changes") {
            lose_power_once(first + i, changes);
        }
    }
}

BOOST_AUTO_TEST_SUITE(power_loss)

BOOST_AUTO_TEST_CASE(what_was_committed_outlives_a_power_loss) { lose_power_with_seeds(20); }

BOOST_AUTO_TEST_CASE(what_was_committed_outlives_hundreds_of_power_losses, *utf::label("long") * utf::disabled()) {
    lose_power_with_seeds(400);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
