#include "base/fd.hpp"

#include "base/error.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <thread>

using namespace foliot;
using foliot::testing::TempDir;

namespace {

std::vector<std::string> synced;  ///< paths, in order

bool open_fd(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

}  // namespace

/// In place of the C library's: it notes what is synced, and does it.
extern "C" int fsync(int fd) {
    synced.push_back(std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd)).string());
    return static_cast<int>(::syscall(SYS_fsync, fd));
}

BOOST_AUTO_TEST_SUITE(fd_suite)

BOOST_AUTO_TEST_CASE(a_descriptor_is_closed_once_by_its_last_owner) {
    FdPair pair = make_output_pipe();
    const int number = pair.ours.get();
    BOOST_TEST((::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0);
    {
        const Fd moved = std::move(pair.ours);
        BOOST_TEST(open_fd(number));
    }
    BOOST_TEST(!open_fd(number));
}

BOOST_AUTO_TEST_CASE(reading_tells_nothing_yet_from_the_end) {
    FdPair pair = make_output_pipe();
    std::array<char, 16> buffer{};
    BOOST_TEST(read_some(pair.ours.get(), buffer) == -1);
    BOOST_TEST(write_all(pair.theirs.get(), "abc"));
    BOOST_TEST(read_some(pair.ours.get(), buffer) == 3);
    pair.theirs.reset();
    BOOST_TEST(read_some(pair.ours.get(), buffer) == 0);
    BOOST_CHECK_THROW(read_some(-1, buffer), std::system_error);
}

BOOST_AUTO_TEST_CASE(writing_waits_for_room_and_says_when_the_reader_is_gone) {
    ::signal(SIGPIPE, SIG_IGN);
    FdPair pair = make_socket_pair();
    const std::string big(4'000'000, 'x');
    std::size_t got = 0;
    {
        const std::jthread reader([&] {
            std::array<char, 65'536> buffer{};
            while (got < big.size()) {
                const auto n = read_some(pair.theirs.get(), buffer);
                if (n <= 0) break;
                got += static_cast<std::size_t>(n);
            }
        });
        BOOST_TEST(write_all(pair.ours.get(), big));
    }
    BOOST_TEST(got == big.size());
    pair.theirs.reset();
    BOOST_TEST(!write_all(pair.ours.get(), "x"));
}

BOOST_AUTO_TEST_CASE(over_an_order_socket_one_side_speaks_and_its_end_is_seen_before_what_it_said_is_read) {
    ::signal(SIGPIPE, SIG_IGN);
    FdPair pair = make_order_socket();
    BOOST_TEST(!write_all(pair.theirs.get(), "answer"));
    BOOST_TEST(write_all(pair.ours.get(), "order"));
    pollfd end{pair.theirs.get(), POLLRDHUP, 0};
    BOOST_TEST(::poll(&end, 1, 0) == 0);
    pair.ours.reset();
    BOOST_TEST(::poll(&end, 1, 0) == 1);
    std::array<char, 16> buffer{};
    BOOST_TEST(read_some(pair.theirs.get(), buffer) == 5);
    BOOST_TEST(read_some(pair.theirs.get(), buffer) == 0);
}

BOOST_AUTO_TEST_CASE(what_was_written_and_its_name_are_on_the_disk) {
    const TempDir folder;
    synced.clear();
    write_file_atomically(folder / "token", "x", 0600);
    const std::vector<std::string> wanted{folder / "token.new", folder.path().string()};
    BOOST_TEST(synced == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_is_written_whole_with_its_permissions_and_replaces_the_old_one) {
    const TempDir folder;
    const std::string path = folder / "token";
    write_file_atomically(path, "old", 0644);
    write_file_atomically(path, std::string(10'000, 'n'), 0600);
    BOOST_TEST(read_file(path) == std::string(10'000, 'n'));
    struct stat info {};
    BOOST_REQUIRE(::stat(path.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777U) == 0600U);
    BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
    BOOST_CHECK_THROW(read_file(folder / "absent"), std::system_error);
}

BOOST_AUTO_TEST_CASE(a_refused_field_is_named_in_the_text) {
    const RequestError error = invalid_field("hour", "out of range");
    BOOST_TEST(error.what() == "field 'hour': out of range");
    BOOST_TEST(error.field() == "hour");
    BOOST_TEST((error.problem() == Problem::invalid));
}

BOOST_AUTO_TEST_SUITE_END()
