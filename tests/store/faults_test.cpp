// Each call to the disk fails once, or from then on: whoever was told "done" finds it done, nobody else does.
#include "fault_vfs.hpp"
#include "scenario.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace foliot::testing {
namespace {

namespace utf = boost::unit_test;

struct Kind {
    const char* name;
    Io io;
    int code;
    int many = 1'000'000;
};
constexpr int kAWhile = 40;  // each attempt to open a database takes two seconds to give up
constexpr Kind kinds[] = {
    {"cannot open", Io::open, SQLITE_CANTOPEN, kAWhile},
    {"read error", Io::read, SQLITE_IOERR_READ, kAWhile},
    {"damaged page", Io::read, 0, kAWhile},
    {"corrupt", Io::read, SQLITE_CORRUPT, kAWhile},
    {"disk full", Io::write, SQLITE_FULL},
    {"write error", Io::write, SQLITE_IOERR_WRITE},
    {"truncate error", Io::truncate, SQLITE_IOERR_TRUNCATE},
    {"sync error", Io::sync, SQLITE_IOERR_FSYNC},
    {"size unknown", Io::file_size, SQLITE_IOERR_FSTAT, kAWhile},
    {"locked", Io::lock, SQLITE_BUSY, kAWhile},
    {"lock error", Io::lock, SQLITE_IOERR_LOCK, kAWhile},
    {"no shared memory", Io::shm_map, SQLITE_IOERR_SHMMAP},
    {"shared memory locked", Io::shm_lock, SQLITE_BUSY},
    {"shared memory lock error", Io::shm_lock, SQLITE_IOERR_SHMLOCK},
    {"access error", Io::access, SQLITE_IOERR_ACCESS, kAWhile},
    {"delete error", Io::remove, SQLITE_IOERR_DELETE},
};

/// How often the fault came.
int run_with(const Kind& kind, int nth, int times) {
    const TempDir folder;
    FaultVfs disk;
    Scenario scenario(folder.path());
    disk.arm({kind.io, kind.code, nth, times});
    scenario.run();
    const int fired = disk.disarm();
    check_books(folder.path(), scenario.books(), scenario.now());
    return fired;
}

/// The n-th call, and those that follow, for each n (or some: `step` apart) until the scenario makes no so many.
void fail_each(const Kind& kind, int times, int step) {
    int tried = 0;
    for (int nth = 1;; nth += nth < 20 ? std::max(1, step / 8) : step) {
        BOOST_TEST_CONTEXT(kind.name << " at call " << nth << ", " << times << " times") {
            if (run_with(kind, nth, times) == 0) break;
        }
        ++tried;
    }
    BOOST_TEST_MESSAGE(kind.name << ", " << times << " times: at " << tried << " calls");
    BOOST_TEST(tried > 0, kind.name << " was never tried");
}

void fail_all(int step) {
    for (const Kind& kind : kinds) {
        fail_each(kind, 1, step);
        fail_each(kind, kind.many, step);
    }
}

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(without_faults_the_scenario_runs_to_its_end_and_the_books_agree) {
    const TempDir folder;
    const FaultVfs disk;
    Scenario scenario(folder.path());
    BOOST_TEST(scenario.run());
    const auto books = scenario.books();
    for (const auto& [name, fate] : books.units) BOOST_TEST((fate == Fate::done), name);
    BOOST_TEST(books.runs.size() > 25U);
    check_books(folder.path(), books, scenario.now());
}

BOOST_AUTO_TEST_CASE(calls_to_the_disk_that_fail_leave_what_was_said_true) { fail_all(97); }

BOOST_AUTO_TEST_CASE(every_call_to_the_disk_that_fails_leaves_what_was_said_true,
                     *utf::label("long") * utf::disabled()) {
    fail_all(1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
