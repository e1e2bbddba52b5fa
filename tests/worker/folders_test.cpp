// foliot-worker --remove: what jobs leave in folders that only their user can enter.
#include "process/spawn.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <fstream>

using namespace foliot;
using namespace foliot::testing;
namespace fs = std::filesystem;

namespace {

/// Its exit status; -1: it had to be killed.
int run_remove(const fs::path& folder, const std::string& kept = "") {
    process::SpawnRequest request;
    request.program = FOLIOT_BIN_DIR "/foliot-worker";
    request.arguments = {"--remove", folder.string()};
    if (!kept.empty()) request.arguments.insert(request.arguments.end(), {"--except", kept});
    const process::Child child = process::spawn(request);
    std::optional<process::ExitStatus> exit;
    if (!wait_until([&] { return (exit = process::reap(child)).has_value(); })) {
        process::signal_child(child, SIGKILL);
        wait_until([&] { return process::reap(child).has_value(); });
        return -1;
    }
    return exit->signal == 0 ? exit->code : -1;
}

/// Makes folders one in another until the path to the innermost has so many bytes.
fs::path make_deep(fs::path folder, std::size_t bytes) {
    Fd at(::open(folder.c_str(), O_DIRECTORY | O_CLOEXEC));
    while (folder.native().size() < bytes) {
        const std::string name(std::clamp<std::size_t>(bytes - folder.native().size() - 1, 1, 200), 'x');
        BOOST_REQUIRE(::mkdirat(at.get(), name.c_str(), 0700) == 0);
        at = Fd(::openat(at.get(), name.c_str(), O_DIRECTORY | O_CLOEXEC));
        folder /= name;
    }
    return folder;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_folder_goes_however_deep_and_closed_it_is_and_links_are_not_followed) {
    const TempDir dir;
    fs::create_directories(dir / "work" / "closed" / "inner");
    make_deep(dir / "work", 3000);
    fs::create_directory(dir / "other");
    std::ofstream(dir / "other" / "file") << "x";
    fs::create_directory_symlink(dir / "other", dir / "work" / "link");
    fs::permissions(dir / "work" / "closed", fs::perms::none);
    fs::permissions(dir / "work", fs::perms::none);
    BOOST_TEST(run_remove(dir / "work") == 0);
    BOOST_TEST(!fs::exists(dir / "work"));
    BOOST_TEST(fs::exists(dir / "other" / "file"));
}

BOOST_AUTO_TEST_CASE(what_shall_be_kept_stays) {
    const TempDir dir;
    for (const char* name : {"old", "new"}) fs::create_directories(dir / "work" / name / "inner");
    BOOST_TEST(run_remove(dir / "work", "new") == 0);
    BOOST_TEST(!fs::exists(dir / "work" / "old"));
    BOOST_TEST(fs::exists(dir / "work" / "new" / "inner"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_moved_is_told_of_and_does_not_hold_it_up_for_ever) {
    const TempDir dir;
    const fs::path root = make_deep(dir.path(), PATH_MAX - 8);  // no room there for the name of what is moved up
    BOOST_REQUIRE(::mkdir((root / "a").c_str(), 0700) == 0);
    BOOST_REQUIRE(::mkdir((root / "a" / "b").c_str(), 0700) == 0);
    BOOST_TEST(run_remove(root) > 0);
    BOOST_TEST(run_remove(dir.path() / std::string(200, 'x')) == 0);
}
