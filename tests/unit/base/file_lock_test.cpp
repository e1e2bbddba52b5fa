#include "base/file_lock.hpp"

#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace foliot;

BOOST_AUTO_TEST_SUITE(file_lock)

BOOST_AUTO_TEST_CASE(a_lock_is_seen_as_long_as_it_is_held_and_can_be_taken_after_a_look) {
    const testing::TempDir dir;
    const auto lock = dir / "lock";
    BOOST_TEST(!is_locked(lock));
    std::ofstream(lock).flush();
    BOOST_TEST(!is_locked(lock));
    {
        const Fd held = lock_for_one_server(lock, "the folder");
        BOOST_TEST(is_locked(lock));
        BOOST_CHECK_THROW(lock_for_one_server(lock, "the folder"), InUse);
    }
    BOOST_TEST(!is_locked(lock));
    BOOST_CHECK_NO_THROW(lock_for_one_server(lock, "the folder"));
}

/// Runs `flock` on that file as nobody, from a program that nobody may read and so trace, until it is gone.
struct HolderThatMayNotBeTraced {
    explicit HolderThatMayNotBeTraced(const testing::TempDir& dir, const std::string& lock) {
        std::filesystem::permissions(dir.path(), std::filesystem::perms(0711));
        std::filesystem::copy_file("/usr/bin/flock", dir / "flock");
        std::filesystem::permissions(dir / "flock", std::filesystem::perms(0711));
        const std::string as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
        pipe = ::popen((as_nobody + (dir / "flock").string() + " " + lock + " cat").c_str(), "we");
        BOOST_REQUIRE(pipe != nullptr);
    }
    ~HolderThatMayNotBeTraced() { ::pclose(pipe); }
    HolderThatMayNotBeTraced(const HolderThatMayNotBeTraced&) = delete;
    HolderThatMayNotBeTraced& operator=(const HolderThatMayNotBeTraced&) = delete;
    std::FILE* pipe = nullptr;
};

BOOST_AUTO_TEST_CASE(who_holds_a_lock_is_known_though_it_may_not_be_traced_and_others_count_for_nothing) {
    if (::geteuid() != 0) return;  // only root becomes nobody
    const testing::TempDir dir;
    const auto lock = dir / "lock";
    std::ofstream(lock).flush();
    BOOST_REQUIRE(::chown(lock.c_str(), 65534, 65534) == 0);
    {
        const HolderThatMayNotBeTraced holder(dir, lock);
        BOOST_TEST(testing::wait_until([&] { return is_locked(lock); }));
        BOOST_REQUIRE(::chown(lock.c_str(), 0, 0) == 0);
        BOOST_TEST(!is_locked(lock));
    }
}

BOOST_AUTO_TEST_SUITE_END()
