// Workers that do not get ready: who is blamed, and that nobody spins meanwhile.
#include "pool_fixture.hpp"
#include "process/children.hpp"
#include "support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

using namespace foliot;
using namespace foliot::testing;

namespace {

bool is_error(RunState state) { return state == RunState::error; }

/// A worker program that sends `bytes` instead of a HELLO, then does `more`.
std::filesystem::path impostor(const Pool& pool, const std::string& bytes, const std::string& more) {
    std::ofstream(pool.folder / "bytes", std::ios::binary) << bytes;
    const auto program = pool.folder / "impostor";
    std::ofstream(program) << "#!/bin/sh\n/bin/cat " << (pool.folder / "bytes").string() << " >&3\n" << more << '\n';
    ::chmod(program.c_str(), 0700);
    return program;
}

/// The descriptor of this process that is a link to that name; -1: none.
int descriptor_named(const std::string& name) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        if (std::filesystem::read_symlink(entry.path(), gone) == name) return std::stoi(entry.path().filename());
    }
    return -1;
}

/// As long as it lives this process can open so many more descriptors; a worker takes two pairs of sockets and more.
class FewDescriptors {
  public:
    explicit FewDescriptors(rlim_t spare) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const int lowest = ::dup(0);
        ::close(lowest);
        rlimit few = before_;
        few.rlim_cur = static_cast<rlim_t>(lowest) + spare;
        ::setrlimit(RLIMIT_NOFILE, &few);
    }
    ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;

  private:
    rlimit before_{};
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_module_that_never_gets_ready_is_blamed_after_the_limit_and_others_run_meanwhile) {
    WorkersClock clock;  // outlives the pool
    Pool pool(2);
    pool.supervisor.emplace(pool.options, clock, pool.ledger);
    const RunId hangs = pool.submit("hanging/ctor_hang");
    BOOST_TEST(pool.reason_of(pool.submit("bench", kNoop)) == "");
    clock.advance(pool.options.limits.spawn_limit - 1);
    BOOST_TEST(pool.reason_of(pool.submit("bench", kNoop)) == "");
    BOOST_TEST(pool.finished.count(hangs) == 0U);

    clock.advance(1);
    BOOST_TEST(pool.reason_of(hangs) == "load_error");
    BOOST_TEST(is_error(pool.finished.at(hangs).verdict.state));
    BOOST_TEST(pool.finished.at(hangs).verdict.error.ends_with("it was not ready within 10 s"));
    BOOST_TEST(pool.turn_until([&] { return pool.supervisor->workers() == 1; }));
}

BOOST_AUTO_TEST_CASE(a_worker_that_cannot_say_hello_is_blamed_for_what_it_said_and_killed) {
    struct Case {
        std::string bytes, says;
    };
    const std::string hello = process::encode(process::Hello{});
    for (const auto& [bytes, says] :
         {Case{"garbage, and more of it", "frame length"},
          Case{process::encode(process::Hello{process::kProtocolVersion + 1, 1, "9.0.0", ""}), "speaks protocol"},
          Case{hello + hello, "a second HELLO"}}) {
        BOOST_TEST_CONTEXT(says) {
            Pool pool(1);
            pool.options.worker_program = impostor(pool, bytes, "exec /bin/sleep 600");
            pool.options.awaits_restart = false;
            pool.supervisor.emplace(pool.options, pool.clock, pool.ledger);
            const RunId run = pool.submit("bench", kNoop);
            BOOST_TEST(pool.reason_of(run) == "load_error");
            const std::string& error = pool.finished.at(run).verdict.error;
            BOOST_TEST(error.find(says) != std::string::npos, error);
            BOOST_TEST(pool.turn_until([&] { return pool.supervisor->workers() == 0; }));
        }
    }
}

BOOST_AUTO_TEST_CASE(runs_wait_while_the_worker_program_is_of_another_release) {
    WorkersClock clock;  // outlives the pool
    Pool pool(1);
    const std::filesystem::path own = pool.options.worker_program;
    pool.options.worker_program = impostor(
        pool, process::encode(process::Hello{process::kProtocolVersion + 1, 1, "9.0.0", ""}), "exec /bin/sleep 600");
    pool.supervisor.emplace(pool.options, clock, pool.ledger);
    const RunId run = pool.submit("bench", kNoop);
    for (std::uint64_t tries = 1; tries <= 3; ++tries) {
        BOOST_REQUIRE(pool.turn_until([&] { return pool.supervisor->census().killed == tries; }));
        BOOST_TEST(pool.supervisor->census().started == tries);
        clock.advance(10 * kSecond);
    }
    BOOST_TEST(pool.finished.empty());

    std::filesystem::create_symlink(own, pool.folder / "restarted");
    std::filesystem::rename(pool.folder / "restarted", pool.options.worker_program);
    BOOST_TEST(pool.reason_of(run) == "");
}

BOOST_AUTO_TEST_CASE(a_worker_that_dies_with_its_hello_is_blamed_instead_of_being_started_for_ever) {
    Pool pool(1);
    pool.options.worker_program = impostor(pool, process::encode(process::Hello{}), "exit 9");
    pool.supervisor.emplace(pool.options, pool.clock, pool.ledger);
    const RunId run = pool.submit("bench", kNoop);
    BOOST_REQUIRE(pool.turn_until_done(run));
    BOOST_TEST(pool.finished.at(run).verdict.error.find("status 9") != std::string::npos);
    BOOST_TEST(pool.reports.at(run) == 1);
}

BOOST_AUTO_TEST_CASE(a_run_that_kills_three_new_workers_before_it_begins_is_not_tried_for_ever) {
    Pool pool(1);
    const std::size_t config = process::encode(process::Config{"{}"}).size();
    const auto tries = pool.folder / "tries";
    const std::string more = "/bin/echo once >>" + tries.string() +
                             "\n/bin/dd bs=1 count=" + std::to_string(config + 1) +
                             " <&5 >/dev/null 2>&1\nexit 9";  // with the first byte of its START
    pool.options.worker_program = impostor(pool, process::encode(process::Hello{}), more);
    pool.supervisor.emplace(pool.options, pool.clock, pool.ledger);
    const RunId run = pool.submit("bench", kNoop);
    BOOST_TEST(pool.reason_of(run) == "exited:9");
    BOOST_TEST(pool.finished.at(run).started == 0);
    BOOST_TEST(std::filesystem::file_size(tries) == 3 * std::string("once\n").size());
}

#if !defined(__SANITIZE_ADDRESS__)  // UBSan looks at objects through a pipe, which cannot be had then
BOOST_AUTO_TEST_CASE(a_shortage_of_descriptors_delays_runs_longer_each_time_and_fails_none) {
    WorkersClock clock;  // outlives the pool
    Pool pool(1);
    pool.supervisor.emplace(pool.options, clock, pool.ledger);
    const RunId run = pool.submit("bench", kNoop);
    {
        const FewDescriptors shortage(1);
        pool.supervisor->poll(0);
        for (Micros pause = 100 * kMillisecond; pause < 10 * kSecond; pause *= 2) {
            BOOST_TEST(pool.supervisor->patience().value() == pause);
            clock.advance(pause - 1);
            pool.supervisor->poll(0);
            BOOST_TEST(pool.supervisor->patience().value() == 1);  // nothing was tried, nothing is put off
            clock.advance(1);
            pool.supervisor->poll(0);
        }
        BOOST_TEST(pool.supervisor->patience().value() == 10 * kSecond);
        pool.collect();
        BOOST_TEST(pool.finished.empty());
        BOOST_TEST(pool.given_back.empty());
    }
    clock.advance(10 * kSecond);
    BOOST_TEST(pool.reason_of(run) == "");
}
#endif

BOOST_AUTO_TEST_CASE(a_worker_that_cannot_be_watched_is_not_left_behind) {
    Pool pool(1);
    const int epoll = descriptor_named("anon_inode:[eventpoll]");
    BOOST_REQUIRE(epoll >= 0);
    const Fd saved(::dup(epoll));
    const Fd other(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    ::dup2(other.get(), epoll);
    const RunId run = pool.submit("bench", kNoop);
    runner::Supervisor::Ready nothing;
    pool.supervisor->handle(nothing);
    ::dup2(saved.get(), epoll);
    pool.collect();
    BOOST_REQUIRE(pool.finished.count(run) == 1U);
    BOOST_TEST(pool.finished.at(run).verdict.reason == "spawn_failed");
    BOOST_TEST(process::own_children_locked()->empty());
    BOOST_TEST(pool.ledger.owners().empty());
    BOOST_TEST(pool.reason_of(pool.submit("bench", kNoop)) == "");
}

#if !defined(__SANITIZE_ADDRESS__)
BOOST_AUTO_TEST_CASE(a_hunt_for_strays_that_gets_no_descriptor_finds_none_and_throws_nothing) {
    Pool pool(1);
    pool.result_of(pool.submit("bench", kNoop));  // there is a worker, so there are children to tell from strays
    const FewDescriptors shortage(0);
    BOOST_CHECK_NO_THROW(process::reap_strays(0));
}
#endif
