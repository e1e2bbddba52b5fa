// Limits through the whole server: runs that share a limited tag never overlap, and none is dropped.
#include "app/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>

namespace foliot::testing {
namespace {

BOOST_FIXTURE_TEST_SUITE(limits, ServerFixture)

BOOST_AUTO_TEST_CASE(jobs_with_a_tag_of_limit_one_never_run_at_once) {
    settings.emplace_back("limits.tag.db=1");
    start();
    const auto file = (dir / "trace").string();
    const std::string script = "echo begin >> " + file + "; sleep 0.02; echo end >> " + file;
    constexpr int kRounds = 8;
    auto client = server->client();
    for (const std::string id : {"first", "second"}) {
        const auto added =
            client.post("/scheduler/jobs", R"({"id":")" + id + R"(","func":"shell:run","args":["sh","-c",")" + script +
                                               R"("],"trigger":"interval","weeks":50,)" +
                                               R"("tags":["db","slow"],"max_instances":4})");
        BOOST_REQUIRE_MESSAGE(added.status == 200, added.body);
    }
    for (int i = 0; i < kRounds; ++i) {
        for (const std::string id : {"first", "second"})
            BOOST_REQUIRE(client.post("/scheduler/jobs/" + id + "/run").status == 200);
    }
    const auto succeeded = [&](const std::string& id) {
        const auto runs = executions(id);
        return std::count_if(runs.begin(), runs.end(), [](const Execution& run) { return run.state == "succeeded"; });
    };
    BOOST_REQUIRE(
        wait_until([&] { return succeeded("first") == kRounds && succeeded("second") == kRounds; }, 60 * kSecond));
    std::ifstream lines(file);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count)
        BOOST_REQUIRE(line == (count % 2 == 0 ? "begin" : "end"));
    BOOST_TEST(count == 4 * kRounds);
}

BOOST_AUTO_TEST_CASE(runs_of_a_module_of_limit_one_go_one_by_one_the_highest_priority_first) {
    settings.emplace_back("limits.module.shell=1");
    start();
    const auto file = (dir / "trace").string(), gate = (dir / "gate").string();
    run("first", "shell:run", R"(,"args":["sh","-c","until test -e )" + gate + R"(; do sleep 0.01; done"])");
    BOOST_REQUIRE(wait_until([&] { return executions("first").front().state == "running"; }));
    for (const int priority : {2, 9, 0, 5}) {
        const std::string text = std::to_string(priority);
        run("job" + text, "shell:run",
            R"(,"args":["sh","-c","echo )" + text + " >> " + file + R"("],"priority":)" + text);
    }
    run("free", "sample:hello");
    BOOST_TEST(ended("free").state == "succeeded", "other modules are not held up");
    for (const std::string id : {"job2", "job9", "job0", "job5"})
        BOOST_TEST(executions(id).front().state == "scheduled");
    std::ofstream(gate) << "open";
    for (const std::string id : {"job2", "job9", "job0", "job5"}) BOOST_TEST(ended(id).state == "succeeded");
    std::ifstream lines(file);
    const std::string order{std::istreambuf_iterator<char>(lines), {}};
    BOOST_TEST(order == "9\n5\n2\n0\n");
    BOOST_TEST(server->log().find("left behind") == std::string::npos, "our own modules leave nothing behind");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
