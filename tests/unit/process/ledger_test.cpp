#include "process/ledger.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

using namespace foliot;           // NOLINT(google-build-using-namespace)
using namespace foliot::process;  // NOLINT(google-build-using-namespace)

namespace {

struct LedgerFile {
    testing::TempDir dir;
    std::filesystem::path file = dir / "ledger";

    void write(const std::string& bytes) const { std::ofstream(file, std::ios::binary) << bytes; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ledger, LedgerFile)

BOOST_AUTO_TEST_CASE(a_run_is_found_as_started_and_then_as_ended) {
    Ledger ledger = Ledger::open(file, 4, "boot");
    BOOST_TEST(!ledger.find(11, 1));
    LedgerRun& run = ledger_begin(ledger.slot(2), 11, 1, 100);
    auto found = ledger.find(11, 1);
    BOOST_REQUIRE(found);
    BOOST_TEST((found->phase == LedgerPhase::started));
    BOOST_TEST(found->started == 100);
    ledger_end(run, 3, 200);
    found = ledger.find(11, 1);
    BOOST_REQUIRE(found);
    BOOST_TEST((found->phase == LedgerPhase::ended));
    BOOST_TEST(found->outcome == 3);
    BOOST_TEST(found->ended == 200);
}

BOOST_AUTO_TEST_CASE(another_claim_of_the_same_run_is_another_run) {
    Ledger ledger = Ledger::open(file, 1, "boot");
    ledger_begin(ledger.slot(0), 11, 1, 100);
    BOOST_TEST(!ledger.find(11, 2));
    BOOST_TEST(!ledger.find(12, 1));
}

BOOST_AUTO_TEST_CASE(what_was_written_outlives_the_mapping) {
    {
        Ledger ledger = Ledger::open(file, 2, "boot");
        ledger.set_owner(1, {1234, 77});
        ledger_end(ledger_begin(ledger.slot(1), 5, 6, 7), 0, 8);
    }
    Ledger again = Ledger::open(file, 2, "boot");
    BOOST_TEST(again.find(5, 6)->ended == 8);
    BOOST_REQUIRE(again.owners().size() == 1U);
    BOOST_TEST(again.owners().front().pid == 1234);
    BOOST_TEST(again.owners().front().start_time == 77U);
    again.clear();
    BOOST_TEST(again.owners().empty());
    BOOST_TEST(!again.find(5, 6));
}

BOOST_AUTO_TEST_CASE(the_ring_keeps_the_last_runs_of_a_worker) {
    Ledger ledger = Ledger::open(file, 1, "boot");
    const auto ring = static_cast<std::int64_t>(kLedgerRing);
    for (std::int64_t run = 1; run <= ring + 1; ++run) ledger_end(ledger_begin(ledger.slot(0), run, 1, run), 0, run);
    BOOST_TEST(!ledger.find(1, 1));
    for (std::int64_t run = 2; run <= ring + 1; ++run) BOOST_TEST(ledger.find(run, 1)->started == run);
}

BOOST_AUTO_TEST_CASE(a_ledger_grows_but_never_shrinks) {
    { Ledger::open(file, 2, "boot").set_owner(1, {9, 1}); }
    {
        Ledger bigger = Ledger::open(file, 5, "boot");
        BOOST_TEST(bigger.size() == 5U);
        BOOST_TEST(bigger.owners().size() == 1U);
    }
    BOOST_TEST(Ledger::open(file, 1, "boot").size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_ledger_is_refused) {
    write("this is a text file that somebody put here, surely longer than a header of sixty-four bytes");
    BOOST_CHECK_THROW(Ledger::open(file, 1, "boot"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_ledger_of_another_version_is_refused) {
    { Ledger::open(file, 1, "boot"); }
    std::fstream patch(file, std::ios::in | std::ios::out | std::ios::binary);
    patch.seekp(8);
    patch.put(static_cast<char>(99));
    patch.close();
    BOOST_CHECK_EXCEPTION(Ledger::open(file, 1, "boot"), std::runtime_error, [](const std::runtime_error& e) {
        return std::string(e.what()).find("version 99") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_ledger_keeps_its_id_until_the_machine_boots_again_and_then_knows_nothing) {
    std::string id;
    {
        Ledger ledger = Ledger::open(file, 2, "boot");
        id = ledger.id();
        ledger.set_owner(0, {9, 1});
        ledger_begin(ledger.slot(0), 5, 6, 7);
    }
    BOOST_TEST(Ledger::open(file, 2, "boot").id() == id);
    BOOST_TEST(Ledger::open(dir / "another", 2, "boot").id() != id);
    const Ledger later = Ledger::open(file, 2, "boo");
    BOOST_TEST(later.id() != id);
    BOOST_TEST(later.owners().empty());
    BOOST_TEST(!later.find(5, 6));
}

BOOST_AUTO_TEST_CASE(a_ledger_that_has_lost_a_part_proves_nothing) {
    for (const bool cut : {false, true}) {
        const auto id = [&] {
            Ledger ledger = Ledger::open(file, 2, "boot");
            ledger_begin(ledger.slot(0), 5, 6, 7);
            return ledger.id();
        }();
        const std::filesystem::path part = file.string() + ".1";
        if (cut)
            std::filesystem::resize_file(part, 8);
        else
            std::filesystem::remove(part);
        const Ledger again = Ledger::open(file, 2, "boot");
        BOOST_TEST(again.id() != id);
        BOOST_TEST(!again.find(5, 6));
    }
}

BOOST_AUTO_TEST_CASE(a_run_is_looked_for_in_the_slot_of_its_own_worker) {
    Ledger ledger = Ledger::open(file, 2, "boot");
    ledger_begin(ledger.slot(0), 5, 6, 7);
    BOOST_TEST(ledger.find_in(0, 5, 6).has_value());
    BOOST_TEST(!ledger.find_in(1, 5, 6).has_value());
}

BOOST_AUTO_TEST_CASE(a_ledger_whose_making_was_cut_short_is_made_anew) {
    write(std::string(100, '\0'));
    Ledger ledger = Ledger::open(file, 2, "boot");
    BOOST_TEST(ledger.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_missing_folder_is_an_error_that_names_the_file) {
    BOOST_CHECK_THROW(Ledger::open(dir / "none/ledger", 1, "boot"), std::system_error);
}

BOOST_AUTO_TEST_CASE(a_killed_process_leaves_what_it_wrote) {
    Ledger ledger = Ledger::open(file, 1, "boot");
    const pid_t child = ::fork();
    if (child == 0) {
        const OwnSlot own{Fd(::dup(ledger.slot_fd(0)))};
        ledger_begin(*own, 21, 22, 23);
        ::raise(SIGKILL);
    }
    BOOST_REQUIRE(child > 0);
    ::waitpid(child, nullptr, 0);
    const auto found = ledger.find(21, 22);
    BOOST_REQUIRE(found);
    BOOST_TEST((found->phase == LedgerPhase::started));
}

BOOST_AUTO_TEST_CASE(a_worker_takes_its_slot_closes_the_descriptor_and_refuses_what_is_too_short) {
    Ledger ledger = Ledger::open(file, 1, "boot");
    const int copy = ::dup(ledger.slot_fd(0));
    const OwnSlot own{Fd(copy)};
    BOOST_TEST(::fcntl(copy, F_GETFD) == -1);
    const auto empty = dir / "empty";
    std::ofstream(empty).close();
    BOOST_CHECK_THROW(OwnSlot(Fd(::open(empty.c_str(), O_RDWR | O_CLOEXEC))), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_reader_beside_the_writer_never_sees_a_name_with_contents_of_another_run) {
    Ledger ledger = Ledger::open(file, 1, "boot");
    std::atomic<bool> done = false;
    std::thread writer([&] {
        for (std::int64_t run = 1; run <= 200'000; ++run) ledger_end(ledger_begin(ledger.slot(0), run, 1, run), 0, run);
        done = true;
    });
    // The ring's oldest entries are those that may be overwritten meanwhile; the newest half is what the server relies
    // on.
    std::int64_t mixed = 0;
    while (!done) {
        const auto newest = static_cast<std::int64_t>(ledger.slot(0).next.load(std::memory_order_acquire));
        if (newest == 0) continue;
        const auto found = ledger.find(newest, 1);
        if (found && found->phase == LedgerPhase::ended && found->started != newest && ledger.find(newest, 1)) ++mixed;
    }
    writer.join();
    BOOST_TEST(mixed == 0);
}

BOOST_AUTO_TEST_SUITE_END()
