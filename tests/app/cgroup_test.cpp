// A cgroup for each worker, in a whole server.
#include "app/fixture.hpp"
#include "support/real_cgroup.hpp"
#include "support/scattered.hpp"

#include <signal.h>

#include <algorithm>
#include <functional>

namespace foliot::testing {
namespace {

namespace fs = std::filesystem;

struct CgroupFixture : ServerFixture {
    CgroupFixture() { settings = {"workers.max=2", "workers.grace=1", "workers.cgroup=" + cgroup.folder.string()}; }
    RealCgroup cgroup;
    Scattered family{dir / "fifo"};

    std::vector<fs::path> leaves() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(cgroup.folder)) {
            if (entry.path().filename().string().starts_with("worker-")) found.push_back(entry.path());
        }
        return found;
    }
    static auto processes_in(const fs::path& leaf) {
        const std::string pids = read_file((leaf / "cgroup.procs").string());
        return std::count(pids.begin(), pids.end(), '\n');
    }
    pid_t scatter() {
        run("family", "run_scatters:run", R"(,"kwargs":)" + family.kwargs());
        BOOST_REQUIRE(
            wait_until([&] { return family.all_there() && executions("family").front().state == "running"; }));
        const auto body = server->client().get("/api/v1/executions/" + executions("family").front().id).body;
        return static_cast<pid_t>(json::parse(body).find("pid")->integer);
    }
};

BOOST_FIXTURE_TEST_SUITE(cgroup, CgroupFixture)

BOOST_AUTO_TEST_CASE(a_worker_and_all_that_its_job_has_started_are_in_a_leaf_and_end_with_it) {
    if (!cgroup.there()) return;
    start();
    scatter();
    BOOST_REQUIRE_EQUAL(leaves().size(), 1U);
    BOOST_TEST(processes_in(leaves().front()) > Scattered::kProcesses);
    const auto id = executions("family").front().id;
    BOOST_TEST(server->client().send("DELETE", "/api/v1/executions/" + id).status == 200);
    BOOST_TEST(wait_until([&] { return family.all_gone(); }));
    BOOST_TEST(ended("family").reason == "stopped");
    BOOST_TEST(wait_until([&] { return leaves().empty(); }));
    run("next", "sample:hello");
    BOOST_TEST(ended("next").state == "succeeded");
    BOOST_TEST(server->stop().code == 0);
    BOOST_TEST(leaves().empty());
}

BOOST_AUTO_TEST_CASE(what_is_left_when_server_and_worker_are_killed_ends_with_its_leaf_at_the_next_start) {
    if (!cgroup.there()) return;
    start();
    const pid_t worker = scatter();
    server->kill_hard();
    ::kill(worker, SIGKILL);
    BOOST_REQUIRE(wait_until([&] { return !process::start_time_of(worker); }));
    BOOST_TEST(!family.all_gone());
    start();
    BOOST_TEST(family.all_gone());
    BOOST_TEST(leaves().empty());
    BOOST_TEST(ended("family").reason == "lost");
}

BOOST_AUTO_TEST_CASE(a_server_that_is_alone_in_its_cgroup_uses_it_unless_told_otherwise) {
    if (!cgroup.there()) return;
    const std::vector<std::string> through{
        "/bin/sh", "-c", "echo $$ >" + (cgroup.folder / "cgroup.procs").string() + " && exec \"$@\"", "sh"};
    for (const std::string wanted : {"auto", "off"}) {
        settings = {"workers.max=1", "workers.cgroup=" + wanted};
        server.reset();
        server = std::make_unique<ServerProcess>(
            ServerProcess::Options{.data_dir = dir.path(), .settings = settings, .through = through});
        run("hello-" + wanted, "sample:hello");
        BOOST_TEST(ended("hello-" + wanted).state == "succeeded");
        BOOST_TEST(leaves().size() == (wanted == "auto" ? 1U : 0U));
        server->stop();
    }
}

BOOST_AUTO_TEST_CASE(a_cgroup_that_cannot_be_used_is_refused_at_start_if_it_was_asked_for) {
    settings = {"workers.cgroup=/proc/nowhere"};
    server = std::make_unique<ServerProcess>(ServerProcess::Options{dir.path(), settings, false});
    const auto status = server->wait_for_exit(20 * kSecond);
    BOOST_TEST((status && status->code == 1));
    BOOST_TEST(server->log().find("workers.cgroup") != std::string::npos, server->log());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
