#include "process/worker_program.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

namespace fs = std::filesystem;
using foliot::process::worker_program;

namespace {

struct Tree : foliot::testing::TempDir {
    /// A program at `place`, which is relative to this folder.
    fs::path put(const std::string& place, fs::perms permissions = fs::perms::owner_all) {
        const fs::path path = *this / place;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << "#!/bin/sh\n";
        fs::permissions(path, permissions);
        return path;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(worker_programs, Tree)

BOOST_AUTO_TEST_CASE(the_worker_beside_a_program_is_its_own) {
    put("libexec/foliot/foliot-worker");
    BOOST_TEST(worker_program(*this / "bin") == *this / "libexec/foliot/foliot-worker");
    const fs::path beside = put("bin/foliot-worker");
    BOOST_TEST(worker_program(*this / "bin") == beside);
}

BOOST_AUTO_TEST_CASE(packages_have_one_worker_for_the_command_and_the_server) {
    const fs::path packaged = put("usr/libexec/foliot/foliot-worker");
    BOOST_TEST(worker_program(*this / "usr/bin") == packaged);
    BOOST_TEST(worker_program(*this / "usr/sbin") == packaged);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_run_is_passed_over) {
    fs::create_directories(*this / "bin/foliot-worker");
    BOOST_TEST(worker_program(*this / "bin") == *this / "libexec/foliot/foliot-worker");
    put("sbin/foliot-worker", fs::perms::owner_read);
    BOOST_TEST(worker_program(*this / "sbin") == *this / "libexec/foliot/foliot-worker");
}

BOOST_AUTO_TEST_SUITE_END()
