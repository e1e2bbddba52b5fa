#include "process/spawn.hpp"

#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <thread>

using namespace foliot;           // NOLINT(google-build-using-namespace)
using namespace foliot::process;  // NOLINT(google-build-using-namespace)

namespace {

SpawnRequest shell(const std::string& script) {
    SpawnRequest request;
    request.program = "/bin/sh";
    request.arguments = {"-c", script};
    request.environment = {"PATH=/usr/bin:/bin"};
    return request;
}

ExitStatus wait_for(const Child& child) {
    std::optional<ExitStatus> status;
    BOOST_REQUIRE(testing::wait_until([&] { return (status = reap(child)).has_value(); }));
    return *status;
}

/// What the script prints until it and all its children have closed standard output.
std::string output_of(SpawnRequest request) {
    FdPair pipe = make_output_pipe();
    request.out = pipe.theirs.get();
    const Child child = spawn(request);
    pipe.theirs.reset();
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        pollfd p{pipe.ours.get(), POLLIN, 0};
        BOOST_REQUIRE(::poll(&p, 1, 20'000) == 1);
        const auto n = read_some(pipe.ours.get(), buffer);
        if (n == 0) break;
        if (n > 0) text.append(buffer.data(), static_cast<std::size_t>(n));
    }
    wait_for(child);
    return text;
}

/// Reads a pid that a script has printed as a line.
pid_t read_pid(int fd) {
    std::string line;
    std::array<char, 64> buffer{};
    BOOST_REQUIRE(testing::wait_until([&] {
        const auto n = read_some(fd, buffer);
        if (n > 0) line.append(buffer.data(), static_cast<std::size_t>(n));
        return line.find('\n') != std::string::npos;
    }));
    pid_t pid = 0;
    std::from_chars(line.data(), line.data() + line.size(), pid);
    BOOST_REQUIRE(pid > 1);
    return pid;
}

bool gone(pid_t pid) { return !start_time_of(pid); }

}  // namespace

BOOST_AUTO_TEST_SUITE(spawning)

BOOST_AUTO_TEST_CASE(exit_code_and_signal_are_told_apart) {
    const ExitStatus code = wait_for(spawn(shell("exit 7")));
    BOOST_TEST(code.code == 7);
    BOOST_TEST(code.signal == 0);
    const ExitStatus killed = wait_for(spawn(shell("kill -SEGV $$")));
    BOOST_TEST(killed.signal == SIGSEGV);
}

BOOST_AUTO_TEST_CASE(a_program_that_does_not_exist_is_an_error) {
    SpawnRequest request;
    request.program = "/nonexistent/program";
    BOOST_CHECK_EXCEPTION(spawn(request), std::system_error,
                          [](const std::system_error& e) { return e.code().value() == ENOENT; });
}

BOOST_AUTO_TEST_CASE(only_the_given_descriptors_reach_the_child) {
    const Fd leak(::open("/dev/null", O_RDONLY));  // NOLINT(android-cloexec-open): it is the leak
    const Fd high(::fcntl(leak.get(), F_DUPFD, 200));
    FdPair a = make_socket_pair();
    SpawnRequest request =
        shell("ls /proc/self/fd | grep -v '^5$' | tr '\\n' ' '; test -S /dev/fd/3 && test -c /dev/fd/4 && echo ok");
    request.extra = {a.theirs.get(), leak.get()};
    // ls itself opens the folder as the next free descriptor: 5.
    BOOST_TEST(output_of(request) == "0 1 2 3 4 ok\n");
}

BOOST_AUTO_TEST_CASE(descriptors_may_be_given_in_any_order_even_where_targets_overlap) {
    // Whatever numbers these get, dup2 one after the other would overwrite some of them.
    FdPair pipe = make_output_pipe();
    std::vector<Fd> files;
    testing::TempDir dir;
    SpawnRequest request = shell("cat <&3; cat <&4; cat <&5; cat <&6");
    for (const char* text : {"a", "b", "c", "d"}) {
        write_file_atomically((dir / text).string(), text, 0600);
        files.emplace_back(::open((dir / text).c_str(), O_RDONLY | O_CLOEXEC));
    }
    for (auto it = files.rbegin(); it != files.rend(); ++it) request.extra.push_back(it->get());
    BOOST_TEST(output_of(request) == "dcba");
}

BOOST_AUTO_TEST_CASE(standard_input_is_empty_and_unwanted_output_is_dropped) {
    BOOST_TEST(output_of(shell("readlink /proc/self/fd/0 /proc/self/fd/2; cat")) == "/dev/null\n/dev/null\n");
}

BOOST_AUTO_TEST_CASE(signals_are_unblocked_and_at_their_defaults) {
    std::string text;
    std::thread spawner([&] {  // as in a pool thread, which has signals blocked
        sigset_t some;
        sigemptyset(&some);
        for (const int s : {SIGTERM, SIGQUIT, SIGPIPE, SIGUSR1}) sigaddset(&some, s);
        pthread_sigmask(SIG_BLOCK, &some, nullptr);
        const auto before = ::signal(SIGPIPE, SIG_IGN);
        text = output_of(shell("grep -E 'Sig(Blk|Ign)' /proc/self/status | cut -f2 | tr '\\n' ' '"));
        ::signal(SIGPIPE, before);
    });
    spawner.join();
    // 32 and 33 are glibc's own; it always ignores them in what it spawns.
    BOOST_TEST((text == "0000000000000000 0000000180000000 " || text == "0000000000000000 0000000000000000 "), text);
}

BOOST_AUTO_TEST_CASE(the_environment_is_exactly_the_given_one) {
    ::setenv("FOLIOT_TEST_SECRET", "secret", 1);
    SpawnRequest request;
    request.program = "/usr/bin/env";
    request.environment = {"A=1", "B=2"};
    BOOST_TEST(output_of(request) == "A=1\nB=2\n");
    ::unsetenv("FOLIOT_TEST_SECRET");
}

BOOST_AUTO_TEST_CASE(the_child_leads_a_group_of_its_own) {
    const Child child = spawn(shell("exec sleep 60"));
    BOOST_TEST(::getpgid(child.pid) == child.pid);
    signal_child(child, SIGKILL);
    BOOST_TEST(wait_for(child).signal == SIGKILL);
}

BOOST_AUTO_TEST_CASE(its_end_makes_the_pidfd_readable) {
    const Child child = spawn(shell("exec sleep 60"));
    pollfd p{child.pidfd.get(), POLLIN, 0};
    BOOST_TEST(::poll(&p, 1, 0) == 0);
    BOOST_TEST(!reap(child));
    signal_child(child, SIGTERM);
    BOOST_TEST(::poll(&p, 1, 20'000) == 1);
    BOOST_TEST(wait_for(child).signal == SIGTERM);
    BOOST_CHECK_NO_THROW(signal_child(child, SIGTERM));
}

BOOST_AUTO_TEST_CASE(killing_the_group_reaches_grandchildren) {
    FdPair pipe = make_output_pipe();
    SpawnRequest request = shell("(sleep 60 & echo $!; wait) & wait");
    request.out = pipe.theirs.get();
    const Child child = spawn(request);
    const pid_t grandchild = read_pid(pipe.ours.get());
    BOOST_TEST(!gone(grandchild));
    signal_group(child.pid, SIGKILL);
    BOOST_TEST(wait_for(child).signal == SIGKILL);
    BOOST_TEST(testing::wait_until([&] { return gone(grandchild); }));
    BOOST_CHECK_NO_THROW(signal_group(child.pid, SIGKILL));
}

BOOST_AUTO_TEST_CASE(a_zombie_counts_as_gone_unless_asked_otherwise) {
    const Child child = spawn(shell("exit 0"));
    BOOST_TEST(testing::wait_until([&] { return gone(child.pid); }));
    BOOST_TEST(start_time_of(child.pid, false).value_or(0) == child.start_time);
    wait_for(child);
    BOOST_TEST(!start_time_of(child.pid, false));
}

BOOST_AUTO_TEST_CASE(kill_and_await_kills_that_process_and_its_group) {
    FdPair pipe = make_output_pipe();
    SpawnRequest request = shell("sleep 60 & echo $!; wait");
    request.out = pipe.theirs.get();
    const Child child = spawn(request);
    const pid_t member = read_pid(pipe.ours.get());
    BOOST_TEST(kill_and_await(child.pid, child.start_time, 20 * kSecond));
    BOOST_TEST(gone(child.pid));
    BOOST_TEST(testing::wait_until([&] { return gone(member); }));
    wait_for(child);
}

BOOST_AUTO_TEST_CASE(kill_and_await_spares_another_process_with_that_pid) {
    const Child child = spawn(shell("exec sleep 60"));
    BOOST_TEST(kill_and_await(child.pid, child.start_time + 1, 20 * kSecond));
    BOOST_TEST(!gone(child.pid));
    BOOST_TEST(kill_and_await(child.pid, child.start_time, 20 * kSecond));
    wait_for(child);
    BOOST_TEST(kill_and_await(child.pid, child.start_time, kSecond));
}

BOOST_AUTO_TEST_CASE(orphans_come_to_the_subreaper_and_are_reaped_but_the_known_live_on) {
    become_subreaper();
    const Child known = spawn(shell("exec sleep 60"));
    FdPair pipe = make_output_pipe();
    SpawnRequest request = shell("setsid sh -c 'echo $$; exec sleep 60' & wait");
    request.out = pipe.theirs.get();
    const Child parent = spawn(request);
    const pid_t orphan = read_pid(pipe.ours.get());
    signal_child(parent, SIGKILL);
    wait_for(parent);
    BOOST_TEST(reap_strays(20 * kSecond) == 1);
    BOOST_TEST(!start_time_of(orphan, false));
    BOOST_TEST(!gone(known.pid));
    BOOST_TEST(reap_strays(0) == 0);
    signal_child(known, SIGKILL);
    wait_for(known);
}

BOOST_AUTO_TEST_CASE(the_boot_has_an_id) { BOOST_TEST(boot_id().size() == 36U); }

BOOST_AUTO_TEST_SUITE_END()
