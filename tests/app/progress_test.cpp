// How far a run says that it is, as its owner sees it.
#include "app/fixture.hpp"

namespace foliot::testing {
namespace {

struct Progress : ServerFixture {
    std::string note(const std::string& job) const {
        const auto reply = server->client().get("/api/v1/executions?job_id=" + job);
        const auto page = json::parse(reply.body);
        const auto& runs = page.find("executions")->items;
        const auto* progress = runs.empty() ? nullptr : runs.front().find("progress");
        return progress == nullptr ? "" : text_of(*progress, "note");
    }
};

BOOST_FIXTURE_TEST_CASE(progress_is_shown_while_a_job_runs_and_stays_when_it_is_stopped, Progress) {
    start();
    run("long", "sample:progress", R"(,"kwargs":{"steps":1000,"step_seconds":0.05})");
    BOOST_TEST(wait_until([&] { return note("long").ends_with(" of 1000"); }));
    const std::string early = note("long");
    BOOST_TEST(wait_until([&] { return note("long") != early; }));
    BOOST_REQUIRE(server->client().send("DELETE", "/api/v1/executions/" + executions("long").front().id).status == 200);
    BOOST_TEST(ended("long").state == "stopped");
    const std::string last = note("long");
    BOOST_TEST(last.ends_with(" of 1000"), last);
    server->stop();
    start();
    BOOST_TEST(note("long") == last);
}

}  // namespace
}  // namespace foliot::testing
