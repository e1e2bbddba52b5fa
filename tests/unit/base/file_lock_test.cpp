#include "base/file_lock.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()
