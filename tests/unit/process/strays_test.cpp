// Processes that are hard to see: of which only the first thread has ended, or for which there is no descriptor left.
#include "process/spawn.hpp"
#include "process/table.hpp"
#include "support/captured_error.hpp"
#include "support/held_stray.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

using namespace foliot;           // NOLINT(google-build-using-namespace)
using namespace foliot::process;  // NOLINT(google-build-using-namespace)

namespace {

/// Not by spawn(), so nobody claims it.
template <class Act>
pid_t make_stray(const Act& act) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    ::alarm(60);
    act();
    for (;;) ::pause();
}

/// To the kernel's table it is a zombie, though another thread lives.
pid_t make_headless_stray() {
    const pid_t pid = make_stray([] {
        std::thread([] {
            for (;;) ::pause();
        }).detach();
        ::syscall(SYS_exit, 0);
    });
    BOOST_REQUIRE(testing::wait_until(
        [&] { return read_file("/proc/" + std::to_string(pid) + "/stat").find(") Z ") != std::string::npos; }));
    return pid;
}

bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

/// As long as it lives this process can open so many files more.
class FewDescriptors {
  public:
    explicit FewDescriptors(rlim_t left) {
        const Fd lowest(::fcntl(0, F_DUPFD_CLOEXEC, 0));
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit few{static_cast<rlim_t>(lowest.get()) + left, before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &few);
    }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;
    ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  private:
    rlimit before_{};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(strays)

BOOST_AUTO_TEST_CASE(one_whose_first_thread_has_ended_is_killed_as_any_other) {
    make_headless_stray();
    const Hunt hunt = hunt_strays(20 * kSecond);
    BOOST_TEST(hunt.over);
    BOOST_TEST(hunt.killed == 1);
    BOOST_TEST(!has_children());
}

BOOST_AUTO_TEST_CASE(children_are_listed_without_a_look_at_their_own_folders_in_proc) {
    const pid_t pid = make_headless_stray();
    BOOST_TEST(listed_children() == std::vector{pid});
    hunt_strays(20 * kSecond);
    BOOST_TEST(listed_children().empty());
}

BOOST_AUTO_TEST_CASE(one_whose_first_thread_has_ended_is_not_gone_until_the_others_have) {
    const pid_t pid = make_headless_stray();
    const auto start_time = start_time_of(pid);
    BOOST_REQUIRE(start_time);
    BOOST_TEST(kill_and_await(pid, *start_time, 20 * kSecond));
    int status = 0;
    BOOST_TEST(::waitpid(pid, &status, WNOHANG) == pid);
    BOOST_TEST(WTERMSIG(status) == SIGKILL);
}

BOOST_AUTO_TEST_CASE(short_of_descriptors_nobody_passes_for_gone) {
    const pid_t pid = make_stray([] {});
    const auto start_time = start_time_of(pid, false);
    {
        const FewDescriptors one(1);
        BOOST_TEST(!hunt_strays(0).over);
    }
    {
        const FewDescriptors none(0);
        BOOST_CHECK_THROW(start_time_of(pid), std::system_error);
        BOOST_CHECK_THROW(kill_and_await(pid, start_time.value_or(0), kSecond), std::system_error);
    }
    BOOST_TEST(hunt_strays(20 * kSecond).killed == 1);
}

BOOST_AUTO_TEST_CASE(one_that_does_not_die_is_waited_for_once) {
    testing::HeldStray stray;
    const Hunt first = hunt_strays(20 * kMillisecond);
    BOOST_TEST(!first.over);
    BOOST_TEST((first.left == std::set{stray.pid()}));
    const Micros start = SystemClock().monotonic();
    BOOST_TEST(!hunt_strays(60 * kSecond, first.left).over);
    BOOST_TEST(SystemClock().monotonic() - start < 30 * kSecond);
    stray.release();
    BOOST_TEST(hunt_strays(20 * kSecond).over);
}

BOOST_AUTO_TEST_CASE(a_signal_that_the_kernel_refuses_is_told_once_for_each_process) {
    if (::geteuid() != 0) return;  // only root can become somebody who may not
    const pid_t other = make_stray([] {});
    ::setpgid(other, other);
    testing::CapturedError error;
    const pid_t user = ::fork();
    if (user == 0) {
        constexpr uid_t nobody = 65'534;
        if (::setresuid(nobody, nobody, nobody) != 0) ::_exit(1);
        for (int i = 0; i < 3; ++i) signal_group(other, SIGKILL);
        ::_exit(0);
    }
    int status = -1;
    BOOST_TEST(::waitpid(user, &status, 0) == user);
    BOOST_TEST(status == 0);
    const std::string text = error.text();
    const std::string refused = "does not let this server signal group " + std::to_string(other);
    const std::size_t at = text.find(refused);
    BOOST_TEST(at != std::string::npos, text);
    BOOST_TEST(text.find(refused, at + 1) == std::string::npos, text);
    BOOST_TEST(hunt_strays(20 * kSecond).killed == 1);
}

BOOST_AUTO_TEST_CASE(a_child_that_cannot_be_told_from_later_ones_is_not_started) {
    SpawnRequest request;
    request.program = "/bin/sleep";
    request.arguments = {"60"};
    {
        const FewDescriptors one(1);
        BOOST_CHECK_THROW(spawn(request), std::system_error);
    }
    BOOST_TEST(!has_children());
}

BOOST_AUTO_TEST_SUITE_END()
