// What the service manager hears of a real server, from its start to its end.
#include "app/fixture.hpp"
#include "app/vital_signs.hpp"
#include "support/notify_socket.hpp"
#include "support/shell.hpp"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

namespace foliot::testing {
namespace {

struct Notified : ServerFixture {
    NotifySocket manager{dir / "notify"};
    std::vector<std::string> environment{manager.variable()};

    void begin() {
        server = std::make_unique<ServerProcess>(
            ServerProcess::Options{.data_dir = dir.path(), .settings = settings, .environment = environment});
    }
    void order(const std::string& path) const {
        const auto reply = server->client().post(path);
        BOOST_TEST(reply.status < 300, path << ": " << reply.body);
    }
    void hears(const std::string& part, std::size_t times = 1) {
        BOOST_TEST(manager.hears(part, times), "not heard: " << part << "\n" << manager.all() << server->log());
    }
    void says(const std::string& text) const {
        BOOST_TEST(wait_until([&] { return server->log().find(text) != std::string::npos; }), server->log());
    }
    pid_t thread(const std::string& name) const {
        const auto tasks = "/proc/" + std::to_string(server->pid()) + "/task";
        for (const auto& task : std::filesystem::directory_iterator(tasks)) {
            std::ifstream file(task.path() / "comm");
            std::string found;
            std::getline(file, found);
            if (found == name) return std::stoi(task.path().filename());
        }
        throw std::runtime_error("there is no thread " + name);
    }
};

/// A single thread of another process that stands still as long as this lives.
class Halted {
  public:
    explicit Halted(pid_t thread) : thread_(thread) {
        BOOST_REQUIRE_EQUAL(::ptrace(PTRACE_SEIZE, thread_, nullptr, nullptr), 0);
        BOOST_REQUIRE_EQUAL(::ptrace(PTRACE_INTERRUPT, thread_, nullptr, nullptr), 0);
        int status = 0;
        BOOST_REQUIRE_EQUAL(::waitpid(thread_, &status, __WALL), thread_);
        BOOST_REQUIRE(WIFSTOPPED(status));
    }
    ~Halted() { ::ptrace(PTRACE_DETACH, thread_, nullptr, nullptr); }
    Halted(const Halted&) = delete;
    Halted& operator=(const Halted&) = delete;

  private:
    const pid_t thread_;
};

BOOST_FIXTURE_TEST_SUITE(notify, Notified)

BOOST_AUTO_TEST_CASE(a_server_says_when_it_is_ready_reads_its_configuration_anew_and_stops) {
    begin();
    hears("READY=1\nSTATUS=running: 0 runs under way, 0 queued");
    BOOST_TEST(manager.said().front() == "STATUS=starting");
    BOOST_TEST(HttpClient(server->port(), "").get("/readyz").status == 200);
    server->signal(SIGHUP);
    hears("RELOADING=1\nMONOTONIC_USEC=");
    hears("READY=1", 2);
    BOOST_TEST(manager.count("WATCHDOG=1") == 0U);
    BOOST_TEST(server->stop().code == 0);
    const auto& said = manager.said();
    const auto stopping = std::find_if(said.begin(), said.end(),
                                       [](const std::string& message) { return message.starts_with("STOPPING=1\n"); });
    BOOST_REQUIRE(stopping != said.end());
    BOOST_TEST(stopping->find("EXTEND_TIMEOUT_USEC=47000000\n") != std::string::npos, *stopping);
    BOOST_TEST((stopping + 1 == said.end()));
}

BOOST_AUTO_TEST_CASE(its_state_in_one_line_follows_what_happens) {
    settings.emplace_back("limits.running=1");
    begin();
    run("long", "tasks:slow", R"(,"kwargs":{"seconds":60})");
    hears("STATUS=running: 1 run under way, 0 queued");
    run("waits", "tasks:ok");
    hears("STATUS=running: 1 run under way, 1 queued");
    order("/scheduler/pause");
    hears("STATUS=paused: 1 run under way, 1 queued");
    order("/scheduler/resume");
    hears("STATUS=running: 1 run under way, 1 queued", 2);
    order("/api/v1/scheduler/drain");
    hears("STATUS=an administrator drains this server: nothing is started, what runs goes on; 1 run under way");
    order("/api/v1/scheduler/undrain");
    hears("STATUS=running: 1 run under way, 1 queued", 3);
}

BOOST_AUTO_TEST_CASE(what_keeps_it_from_starting_is_told) {
    settings.emplace_back("workers.dir=/nonexistent/folder/below");
    settings.emplace_back("workers.user=nobody");
    BOOST_CHECK_THROW(begin(), std::runtime_error);
    BOOST_TEST(manager.hears("STATUS=configuration key 'workers."), manager.all());
    BOOST_TEST(manager.count("READY=1") == 0U);
}

BOOST_AUTO_TEST_CASE(signs_of_life_come_as_long_as_each_loop_turns_and_not_from_a_process_with_a_stuck_one) {
    environment.emplace_back("WATCHDOG_USEC=400000");
    begin();
    hears("WATCHDOG=1", 3);
    for (const char* name : {"engine", "supervisor"}) {
        {
            const Halted halted(thread(name));
            BOOST_TEST(manager.hears_no_more("WATCHDOG=1", 1'200 * kMillisecond), name);
            BOOST_TEST(HttpClient(server->port(), "").get("/livez").status == 200);
        }
        hears("WATCHDOG=1", manager.count("WATCHDOG=1") + 3);
    }
    BOOST_TEST(server->log().find("the engine's loop does not turn any more") != std::string::npos);
    BOOST_TEST(server->log().find("the supervisor of the workers turns again") != std::string::npos);
    server->signal(SIGSTOP);
    BOOST_TEST(manager.hears_no_more("WATCHDOG=1", 1'200 * kMillisecond));
    server->signal(SIGCONT);
    hears("WATCHDOG=1", manager.count("WATCHDOG=1") + 3);
}

BOOST_AUTO_TEST_CASE(a_watchdog_of_another_process_is_none_of_ours) {
    environment.insert(environment.end(), {"WATCHDOG_USEC=200000", "WATCHDOG_PID=1"});
    begin();
    hears("READY=1");
    order("/scheduler/pause");
    hears("STATUS=paused");
    BOOST_TEST(manager.count("WATCHDOG=1") == 0U);
}

BOOST_AUTO_TEST_CASE(lines_of_the_log_have_their_priority_in_the_journal_and_their_time_elsewhere) {
    write_text(dir / "server.log", "");
    struct stat file {};
    BOOST_REQUIRE_EQUAL(::stat((dir / "server.log").c_str(), &file), 0);
    const std::string stream = "JOURNAL_STREAM=" + std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino);
    environment = {stream};
    begin();
    says("\n<6>[serving] serving on http://");
    server->stop();
    environment = {stream + "0"};
    begin();
    says("Z INFO [serving] serving on http://");
}

BOOST_AUTO_TEST_CASE(jobs_see_nothing_of_what_the_service_manager_gave_the_server) {
    environment.insert(environment.end(),
                       {"WATCHDOG_USEC=60000000", "LISTEN_FDS=1", "LISTEN_PID=1", "INVOCATION_ID=1",
                        "JOURNAL_STREAM=1:2", "CREDENTIALS_DIRECTORY=/run/c", "STATE_DIRECTORY=/var/lib/foliot",
                        "RUNTIME_DIRECTORY=" + dir.path().string() + "/runtime", "SYSTEMD_EXEC_PID=1",
                        "MEMORY_PRESSURE_WATCH=/x", "ANYTHING_ELSE=1"});
    begin();
    run("env", "shell:run", R"(,"args":["sh","-c","tr '\\\\0' '\\\\n' < /proc/$PPID/environ; env"])");
    const auto done = ended("env");
    BOOST_TEST(done.state == "succeeded", done.error);
    const std::string seen = output(done);
    BOOST_TEST(seen.find("PATH") != std::string::npos, seen);
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG", "LISTEN", "INVOCATION", "JOURNAL", "CREDENTIALS", "STATE_DIR",
                             "RUNTIME", "SYSTEMD", "MEMORY", "ANYTHING"}) {
        BOOST_TEST(seen.find(name) == std::string::npos, name << " in " << seen);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(vital_signs)

BOOST_AUTO_TEST_CASE(a_stuck_writer_of_the_store_keeps_the_sign_of_life_back_and_a_store_that_refuses_does_not) {
    const TempDir dir;
    const SystemClock clock;
    const auto store = store::open_sqlite({.file = dir / "db"}, clock);
    app::VitalSigns signs(*store, {});
    BOOST_TEST(signs.all_turn());
    store->refuse_changes("no space");
    BOOST_TEST(signs.all_turn());

    std::atomic<bool> holds{false}, release{false}, turned{false};
    std::jthread stuck([&] {
        store->write(store::Store::Class::api, [&](store::Tx&) {
            holds = true;
            wait_until([&] { return release.load(); });
        });
    });
    BOOST_REQUIRE(wait_until([&] { return holds.load(); }));
    std::jthread asks([&] { turned = signs.all_turn(); });
    BOOST_TEST(!wait_until([&] { return turned.load(); }, 300 * kMillisecond));
    release = true;
    BOOST_TEST(wait_until([&] { return turned.load(); }));
}

BOOST_AUTO_TEST_CASE(a_loop_that_does_not_come_by_is_stuck_until_it_does) {
    const TempDir dir;
    const SystemClock clock;
    const auto store = store::open_sqlite({.file = dir / "db"}, clock);
    std::uint64_t beats = 0;
    bool answers = true;
    app::VitalSigns signs(*store, {{"the loop", [&] { return beats; }, [&] { beats += answers ? 1 : 0; }}});
    BOOST_TEST(signs.all_turn());
    BOOST_TEST(signs.all_turn());
    answers = false;
    BOOST_TEST(signs.all_turn());  // it had answered the last question
    BOOST_TEST(!signs.all_turn());
    BOOST_TEST(!signs.all_turn());
    answers = true;
    BOOST_TEST(!signs.all_turn());
    BOOST_TEST(signs.all_turn());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
