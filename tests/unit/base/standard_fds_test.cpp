#include "base/standard_fds.hpp"

#include "base/fd.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

using namespace foliot;

BOOST_AUTO_TEST_SUITE(standard_fds)

BOOST_AUTO_TEST_CASE(a_standard_descriptor_that_is_closed_leads_nowhere_and_the_others_stay) {
    const auto target = [](int number) {
        return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(number)).string();
    };
    const std::string out = target(STDOUT_FILENO);
    const Fd in(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    BOOST_REQUIRE(::close(STDIN_FILENO) == 0);
    hold_standard_descriptors();
    const std::string now = target(STDIN_FILENO);
    BOOST_REQUIRE(::dup2(in.get(), STDIN_FILENO) == STDIN_FILENO);
    BOOST_TEST(now == "/dev/null");
    BOOST_TEST(target(STDOUT_FILENO) == out);
}

BOOST_AUTO_TEST_SUITE_END()
