// Jobs that run as another user than the server. Needs root, to become somebody else.
#include "app/fixture.hpp"
#include "process/privileges.hpp"
#include "support/pauses.hpp"
#include "support/scattered.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace foliot::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUser = "nobody";

/// Everything below one folder that everybody may enter: the server's own (closed), the jobs' and the modules.
struct TwoUsers : ServerFixture {
    TwoUsers() {
        ::chmod(dir.path().c_str(), 0755);
        for (const char* folder : {"data", "modules"}) fs::create_directory(dir / folder);
        for (const char* name : {"run_spies", "run_scatters", "run_fills_its_folder", "tasks"}) {
            fs::copy_file(fs::path(FOLIOT_FIXTURES_DIR) / (std::string(name) + ".so"), module(name));
        }
        const std::string modules = (dir / "modules").string();
        settings = {"modules.path=" + modules,
                    "modules.trusted_paths=" + modules,
                    std::string("workers.user=") + kUser,
                    "workers.max=2",
                    "workers.grace=1",
                    "shutdown.grace=0"};
    }
    fs::path module(const std::string& name) const { return dir / "modules" / (name + ".so"); }
    fs::path data() const { return dir / "data"; }
    fs::path of_the_jobs() const { return dir / "data-work"; }
    fs::path work() const { return of_the_jobs() / "foliot-work"; }

    void serve() { server = std::make_unique<ServerProcess>(ServerProcess::Options{data(), settings}); }
    /// What the server says when it refuses to start.
    std::string refusal() {
        server = std::make_unique<ServerProcess>(ServerProcess::Options{data(), settings, false});
        const auto status = server->wait_for_exit(20 * kSecond);
        BOOST_TEST((status && status->code != 0));
        return server->log();
    }
    static bool can() {
        const bool root = ::geteuid() == 0 && process::missing_powers().empty();
        if (!root) BOOST_TEST_MESSAGE("skipped: only root can become another user");
        return root;
    }
    std::size_t folders_left() const {
        std::size_t count = 0;
        std::error_code error;  // they are being removed: the end, too
        for (fs::recursive_directory_iterator at(work(), error), end; at != end; at.increment(error)) {
            if (at->is_regular_file(error)) ++count;
        }
        return count;
    }
};

BOOST_FIXTURE_TEST_SUITE(job_user, TwoUsers)

BOOST_AUTO_TEST_CASE(a_job_of_another_user_gets_at_nothing_of_the_servers_and_has_no_rights_of_its_own) {
    if (!can()) return;
    serve();
    const std::string proc = "/proc/" + std::to_string(server->pid()) + "/";
    std::string paths;
    for (const std::string& path :
         {data().string(), (data() / "foliot.db").string(), (data() / "secrets.key").string(),
          (data() / "admin.token").string(), (data() / "run" / "ledger").string(), proc + "environ", proc + "mem",
          proc + "maps", proc + "fd", proc + "root", proc + "cwd"}) {
        BOOST_TEST(fs::exists(path), path);
        paths += (paths.empty() ? "\"" : ",\"") + path + "\"";
    }
    run("spy", "run_spies:run",
        R"(,"kwargs":{"server":)" + std::to_string(server->pid()) + R"(,"paths":[)" + paths + "]}");
    const auto spy = ended("spy");
    BOOST_REQUIRE_MESSAGE(spy.state == "succeeded", spy.error);
    const auto body = server->client().get("/api/v1/executions/" + spy.id).body;
    const auto text = text_of(json::parse(body), "result");
    const auto result = json::parse(text);
    BOOST_TEST_REQUIRE(result.find("writes") != nullptr, body);
    BOOST_TEST(result.find("writes")->boolean);
    BOOST_TEST_REQUIRE(result.find("leaks") != nullptr, body);
    BOOST_TEST(text_of(result, "leaks") == "");
    const std::string user = std::to_string(process::find_user(kUser).uid);
    const std::string who = text_of(result, "who");
    for (const std::string& part :
         {std::string("CapInh:0000000000000000 "), std::string("CapPrm:0000000000000000 "),
          std::string("CapEff:0000000000000000 "), std::string("CapAmb:0000000000000000 "),
          std::string("NoNewPrivs:1 "), std::string("Groups: Uid:"), "Uid:" + user + user + user + user + " "}) {
        BOOST_TEST(who.find(part) != std::string::npos, part << " is not in " << who);
    }
    BOOST_TEST(output(spy).find("to the output by name") != std::string::npos, output(spy));
    BOOST_TEST(text_of(result, "folder").starts_with(work().string()));
}

BOOST_AUTO_TEST_CASE(the_files_of_jobs_of_another_user_are_removed_also_after_a_crash_and_by_the_next_server) {
    if (!can()) return;
    serve();
    run("tidy", "run_fills_its_folder:run", R"(,"kwargs":{"files":5})");
    BOOST_TEST(ended("tidy").state == "succeeded");
    run("crash", "run_fills_its_folder:run", R"(,"kwargs":{"files":5,"abort":true})");
    BOOST_TEST(ended("crash").reason == "crashed:SIGABRT");
    BOOST_TEST(wait_until([&] { return folders_left() == 0; }));
    BOOST_TEST(server->stop().code == 0);
    BOOST_TEST(folders_left() == 0U);

    const auto user = process::find_user(kUser);
    fs::create_directories(work() / "earlier" / "closed");
    std::ofstream(work() / "earlier" / "closed" / "file") << "x";
    for (const auto& path :
         {work() / "earlier" / "closed" / "file", work() / "earlier" / "closed", work() / "earlier"}) {
        BOOST_REQUIRE(::chown(path.c_str(), user.uid, user.gid) == 0);
    }
    fs::permissions(work() / "earlier" / "closed", fs::perms::none);
    serve();
    BOOST_TEST(wait_until([&] { return !fs::exists(work() / "earlier"); }));
}

BOOST_AUTO_TEST_CASE(all_that_a_job_of_another_user_has_started_is_ended_with_it) {
    if (!can()) return;
    serve();
    for (const bool by_rest : {true, false}) {
        const std::string name = by_rest ? "stopped" : "shut_down";
        Scattered family(dir / name);
        run(name, "run_scatters:run", R"(,"kwargs":)" + family.kwargs());
        BOOST_REQUIRE(wait_until([&] { return family.all_there(); }));
        const auto id = executions(name).front().id;
        const SystemClock clock;
        const Pauses pauses;
        const Micros asked = clock.monotonic();
        if (by_rest) {
            BOOST_TEST(server->client().send("DELETE", "/api/v1/executions/" + id).status == 200);
        } else {
            server->signal(SIGTERM);
        }
        BOOST_TEST(wait_until([&] { return family.all_gone(); }));
        if (by_rest) BOOST_TEST(clock.monotonic() - asked - pauses.total() <= 2 * kSecond);
    }
    BOOST_TEST(server->log().find("does not let this server") == std::string::npos, server->log());
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_root_needs_three_capabilities_for_that_and_no_more) {
    if (!can()) return;
    for (fs::path folder = FOLIOT_BIN_DIR; folder != folder.parent_path(); folder = folder.parent_path()) {
        if ((fs::status(folder).permissions() & fs::perms::others_exec) != fs::perms::none) continue;
        BOOST_TEST_MESSAGE("skipped: others cannot enter " << folder);
        return;
    }
    const auto own = process::find_user("daemon");
    const auto jobs = process::find_user(kUser);
    BOOST_REQUIRE(::chown(data().c_str(), own.uid, own.gid) == 0);
    fs::create_directory(of_the_jobs());
    fs::permissions(of_the_jobs(), fs::perms::owner_all);
    BOOST_REQUIRE(::chown(of_the_jobs().c_str(), jobs.uid, jobs.gid) == 0);
    const auto as_daemon = [&](const std::string& powers) {
        return std::vector<std::string>{"/usr/bin/setpriv",
                                        "--reuid=" + own.text().substr(0, own.text().find(':')),
                                        "--regid=" + std::to_string(own.gid),
                                        "--clear-groups",
                                        "--inh-caps=-all" + powers,
                                        "--ambient-caps=-all" + powers,
                                        "--bounding-set=-all" + powers};
    };
    server = std::make_unique<ServerProcess>(ServerProcess::Options{
        .data_dir = data(), .settings = settings, .wait_until_ready = false, .through = as_daemon(",+setuid,+setgid")});
    BOOST_TEST(server->wait_for_exit(20 * kSecond).has_value());
    BOOST_TEST(server->log().find("needs CAP_KILL") != std::string::npos, server->log());

    server = std::make_unique<ServerProcess>(ServerProcess::Options{
        .data_dir = data(), .settings = settings, .through = as_daemon(",+setuid,+setgid,+kill")});
    const std::string status = read_file("/proc/" + std::to_string(server->pid()) + "/status");
    BOOST_TEST(status.find("\nUid:\t" + std::to_string(own.uid) + "\t") != std::string::npos, status);
    run("spy", "run_spies:run", R"(,"kwargs":{"server":)" + std::to_string(server->pid()) + R"(,"paths":[]})");
    const auto spy = ended("spy");
    const auto body = server->client().get("/api/v1/executions/" + spy.id).body;
    BOOST_TEST(spy.state == "succeeded", body);
    BOOST_TEST(
        body.find("CapPrm:0000000000000000 CapEff:0000000000000000 CapAmb:0000000000000000") != std::string::npos,
        body);
    BOOST_TEST(body.find(R"(\"leaks\": \"\")") != std::string::npos, body);
    Scattered family(dir / "fifo");
    run("family", "run_scatters:run", R"(,"kwargs":)" + family.kwargs());
    BOOST_REQUIRE(wait_until([&] { return family.all_there(); }));
    const auto id = executions("family").front().id;
    BOOST_TEST(server->client().send("DELETE", "/api/v1/executions/" + id).status == 200);
    BOOST_TEST(wait_until([&] { return family.all_gone(); }));
    BOOST_TEST(server->stop().code == 0);
    BOOST_TEST(server->log().find("does not let this server") == std::string::npos, server->log());
    BOOST_TEST(folders_left() == 0U);
}

BOOST_AUTO_TEST_CASE(a_module_that_the_user_cannot_read_is_refused_with_the_reason) {
    if (!can()) return;
    ::chmod(module("tasks").c_str(), 0600);
    serve();
    const auto modules = server->client().get("/api/v1/modules").body;
    const auto uid = std::to_string(process::find_user(kUser).uid);
    BOOST_TEST(modules.find("user " + uid + ", as whom jobs run, cannot read") != std::string::npos, modules);
}

BOOST_AUTO_TEST_CASE(a_server_that_cannot_run_jobs_as_its_configuration_says_does_not_start_and_says_why) {
    if (!can()) return;
    struct Case {
        std::vector<std::string> settings;
        const char* wanted;
    };
    const std::string closed = (dir / "data" / "work").string();
    const Case cases[] = {
        {{"workers.user=nobody-there"}, "there is no user 'nobody-there'"},
        {{"workers.user=root"}, "is root"},
        {{std::string("workers.user=") + kUser, "workers.dir=" + closed}, "let everybody enter the folders above"},
        {{std::string("workers.user=") + kUser, "workers.dir=/tmp"}, "must be a folder that only nobody can change"},
    };
    for (const Case& one : cases) {
        auto all = settings;
        settings.insert(settings.end(), one.settings.begin(), one.settings.end());
        const std::string said = refusal();
        BOOST_TEST(said.find(one.wanted) != std::string::npos, said);
        BOOST_TEST(said.find("workers.") != std::string::npos, said);
        settings = all;
        fs::remove(data() / "server.log");
    }
}

BOOST_AUTO_TEST_CASE(without_a_user_for_the_jobs_the_log_warns) {
    settings = {"workers.max=2"};
    start();
    BOOST_TEST(server->log().find("jobs run as the server's own user") != std::string::npos, server->log());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
