#include "runner/trash.hpp"

#include "pool_fixture.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace foliot;
using namespace foliot::testing;

namespace fs = std::filesystem;

namespace {

bool nothing_in(const fs::path& folder) {
    std::error_code none;
    return !fs::exists(folder, none) || fs::is_empty(folder, none);
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_thrown_away_is_gone_at_once_and_removed_however_deep_and_closed_it_is) {
    const TempDir dir;
    fs::path deepest = dir / "thing";
    for (int i = 0; i < 300; ++i) {
        fs::create_directories(deepest);
        std::ofstream(deepest / "file") << "x";
        deepest /= "a_name_of_some_length";  // all in all more than a path may have
        if (deepest.native().size() > 3900) break;
    }
    fs::create_directories(dir / "kept");
    fs::create_directory_symlink(dir / "kept", dir / "thing" / "link");
    std::ofstream(dir / "kept" / "file") << "x";
    fs::create_directories(dir / "thing" / "closed" / "inner");
    fs::permissions(dir / "thing" / "closed", fs::perms::none);
    fs::permissions(dir / "thing", fs::perms::none);

    runner::Trash trash(dir / "trash");
    trash.take(dir / "thing");
    trash.take(dir / "not there");
    BOOST_TEST(!fs::exists(dir / "thing"));
    BOOST_TEST(wait_until([&] { return nothing_in(dir / "trash"); }));
    BOOST_TEST(fs::exists(dir / "kept" / "file"));
}

BOOST_AUTO_TEST_CASE(what_one_life_did_not_manage_the_next_one_removes) {
    const TempDir dir;
    fs::create_directory(dir / "thing");
    for (int i = 0; i < 5'000; ++i) std::ofstream(dir / "thing" / std::to_string(i)) << i;
    { runner::Trash(dir / "trash").take(dir / "thing"); }
    BOOST_TEST(!fs::exists(dir / "thing"));
    const runner::Trash next(dir / "trash");
    BOOST_TEST(wait_until([&] { return nothing_in(dir / "trash"); }));
}

BOOST_AUTO_TEST_CASE(the_files_of_a_dead_worker_are_out_of_the_way_before_its_run_is_reported) {
    Pool pool(1);
    const RunId run = pool.submit("run_fills_its_folder", 0, R"({"files":5000,"abort":true})");
    BOOST_TEST(pool.reason_of(run) == "crashed:SIGABRT");
    BOOST_TEST(!fs::exists(pool.options.work_dir / "0"));
    BOOST_TEST(wait_until([&] { return nothing_in(pool.options.work_dir / "trash"); }));
}

BOOST_AUTO_TEST_CASE(folders_of_runs_of_an_earlier_life_are_in_nobodys_way) {
    Pool pool(1);
    pool.supervisor.reset();
    for (int i = 0; i < 20; ++i) {
        fs::create_directories(pool.options.work_dir / "0" / ("run-" + std::to_string(i)) / "within");
    }
    pool.supervisor.emplace(pool.options, pool.clock, pool.ledger);
    for (int i = 0; i < 3; ++i) BOOST_TEST(pool.reason_of(pool.submit("run_fills_its_folder")) == "");
    BOOST_TEST(wait_until([&] { return nothing_in(pool.options.work_dir / "trash"); }));
}
