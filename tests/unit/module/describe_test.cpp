#include "module/describe.hpp"

#include "../worker/exit_codes.hpp"
#include "base/fd.hpp"
#include "process/frames.hpp"
#include "process/spawn.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>
#include <thread>

using namespace foliot;
using module::Description;
using module::Status;

namespace {

std::size_t open_descriptors() {
    DIR* dir = ::opendir("/proc/self/fd");
    std::size_t n = 0;
    while (::readdir(dir) != nullptr) ++n;
    ::closedir(dir);
    return n;
}

/// A worker program that does what a hostile module could make the real one do: a shell script with frames at hand.
struct Setup {
    testing::TempDir dir;

    void frame(const std::string& name, const std::string& bytes) const {
        std::ofstream(dir / name, std::ios::binary) << bytes;
    }

    Description run(const std::string& script, Micros limit = 20 * kSecond) const {
        const auto worker = dir / "worker";
        std::ofstream(worker, std::ios::trunc) << "#!/bin/sh\nPATH=/usr/bin:/bin\ncd " << dir.path().string() << "\n"
                                               << script << "\n";
        ::chmod(worker.c_str(), 0700);
        return module::describe(worker, "/some/x.so", limit);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(describing, Setup)

BOOST_AUTO_TEST_CASE(the_reply_is_handed_on_as_it_came) {
    frame("good", process::encode(process::Describe{R"({"name":"x"})"}));
    const std::size_t before = open_descriptors();
    const Description got = run("cat good >&3");
    BOOST_TEST((got.status == Status::ok));
    BOOST_TEST(got.json == R"({"name":"x"})");
    BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(the_child_gets_the_path_and_nothing_of_our_environment) {
    ::setenv("FOLIOT_TEST_SECRET", "x", 1);
    const Description got = run(R"(echo "$1|$2|$LD_BIND_NOW|$FOLIOT_TEST_SECRET|" >&2; exit 65)");
    ::unsetenv("FOLIOT_TEST_SECRET");
    BOOST_TEST((got.status == Status::load_error));
    BOOST_TEST(got.problem == "cannot be loaded: --describe|/some/x.so|1||");
}

BOOST_AUTO_TEST_CASE(each_way_to_fail_has_its_status) {
    frame("good", process::encode(process::Describe{"{}"}));
    frame("quit", process::encode_quit());
    frame("long", "\xff\xff\xff\x7f, a frame of two GiB");
    struct Case {
        const char* script;
        Status status;
        const char* says;
    };
    const Case cases[] = {
        {"exit 0", Status::crashed, "ended itself (exit 0)"},
        {"exit 7", Status::crashed, "exit 7"},
        {"cat good >&3; exit 7", Status::crashed, "exit 7"},
        {"kill -SEGV $$", Status::crashed, "SIGSEGV"},
        {"kill -KILL $$", Status::crashed, "was killed"},
        {"echo 'no such symbol: f' >&2; exit 65", Status::load_error, "no such symbol: f"},
        {"echo 'no entry' >&2; exit 66", Status::invalid_metadata, "no entry"},
        {"echo 'entry gave null' >&2; exit 67", Status::abi_too_new, "entry gave null"},
        {"echo 'entry threw' >&2; exit 68", Status::invalid_metadata, "entry threw"},
        {"exit 69", Status::invalid_metadata, "descriptor"},
        {"exit 74", Status::abi_too_new, "newer server"},
        {"exit 75", Status::crashed, "exit 75"},
        {"cat good good >&3; sleep 60", Status::invalid_metadata, "twice"},
        {"cat quit >&3; sleep 60", Status::invalid_metadata, "cannot be read"},
        {"cat long >&3; sleep 60", Status::invalid_metadata, "cannot be read"},
        {"head -c 10 good >&3", Status::crashed, "exit 0"},
        {"exec 3>&-; exit 3", Status::crashed, "exit 3"},
    };
    for (const Case& c : cases) {
        const Description got = run(c.script);
        BOOST_TEST((got.status == c.status),
                   c.script << " -> " << module::status_name(got.status) << ": " << got.problem);
        BOOST_TEST(got.problem.find(c.says) != std::string::npos, c.script << " -> " << got.problem);
    }
}

BOOST_AUTO_TEST_CASE(the_exit_statuses_are_those_of_the_worker) {
    using module::WorkerExit;
    BOOST_TEST(static_cast<int>(WorkerExit::load_error) == worker::kLoadError);
    BOOST_TEST(static_cast<int>(WorkerExit::no_entry) == worker::kNoEntry);
    BOOST_TEST(static_cast<int>(WorkerExit::entry_null) == worker::kEntryNull);
    BOOST_TEST(static_cast<int>(WorkerExit::entry_threw) == worker::kEntryThrew);
    BOOST_TEST(static_cast<int>(WorkerExit::bad_descriptor) == worker::kBadDescriptor);
    BOOST_TEST(static_cast<int>(WorkerExit::abi_too_new) == worker::kAbiTooNew);
}

BOOST_AUTO_TEST_CASE(a_child_that_hangs_is_killed_with_what_it_started) {
    const Description got = run("echo $$ >pid; sleep 1000 & echo $! >child; trap '' TERM; sleep 1000", kSecond);
    BOOST_TEST((got.status == Status::timed_out));
    BOOST_TEST(got.problem.find("within 1 s") != std::string::npos);
    for (const char* file : {"pid", "child"}) {
        const pid_t pid = std::stoi(read_file((dir / file).string()));
        BOOST_TEST(testing::wait_until([&] { return !process::start_time_of(pid).has_value(); }), file);
    }
}

BOOST_AUTO_TEST_CASE(what_a_module_starts_in_a_session_of_its_own_does_not_outlive_the_look_at_it) {
    process::become_subreaper();  // as the server is one
    frame("good", process::encode(process::Describe{R"({"name":"x"})"}));
    const Description got = run("setsid sleep 1000 & echo $! >child; cat good >&3");
    BOOST_TEST((got.status == Status::ok));
    const pid_t child = std::stoi(read_file((dir / "child").string()));
    // Killed by now, but on a busy machine not yet dead.
    const bool gone = testing::wait_until([&] { return !process::start_time_of(child).has_value(); });
    BOOST_TEST(gone);
    if (!gone) ::kill(child, SIGKILL);
}

BOOST_AUTO_TEST_CASE(a_child_that_somebody_else_reaps_is_worth_another_try) {
    std::jthread other([&] {  // as a hunt for stray processes does
        if (!testing::wait_until([&] { return std::filesystem::exists(dir / "pid"); })) return;
        const pid_t pid = std::stoi(read_file((dir / "pid").string()));
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    });
    const Description got = run("echo $$ >new; mv new pid; exec sleep 1000");
    BOOST_TEST((got.status == Status::crashed));
    BOOST_TEST(got.killed);
}

BOOST_AUTO_TEST_CASE(a_flood_of_errors_is_cut_and_control_characters_are_dropped) {
    const Description got = run(R"(printf 'a\033[31m\nb\n' >&2; head -c 300000 /dev/zero | tr '\0' x >&2; exit 65)");
    BOOST_TEST((got.status == Status::load_error));
    BOOST_TEST(got.problem.starts_with("cannot be loaded: a[31m b xxx"));
    BOOST_TEST(got.problem.size() < 2200U);
}

BOOST_AUTO_TEST_CASE(a_worker_program_that_is_not_there_is_an_error_of_the_server) {
    BOOST_CHECK_THROW(module::describe(dir / "nothing", "/some/x.so", kSecond), std::system_error);
}

BOOST_AUTO_TEST_SUITE_END()
