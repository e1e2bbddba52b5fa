// A module file is replaced under a running server, and nobody tells it.
#include "app/fixture.hpp"

namespace foliot::testing {
namespace {

void put_in_place(const std::filesystem::path& file, const std::filesystem::path& place) {
    const auto beside = place.string() + ".new";
    std::filesystem::copy_file(file, beside);
    std::filesystem::rename(beside, place);
}

BOOST_FIXTURE_TEST_CASE(a_module_that_is_replaced_unannounced_is_found_by_the_next_worker, ServerFixture) {
    const auto folder = dir / "own-modules";
    std::filesystem::create_directory(folder);
    put_in_place(FOLIOT_FIXTURES_DIR "/tasks.so", folder / "tasks.so");
    settings.push_back("modules.path=" + folder.string());
    settings.push_back("modules.trusted_paths=" + folder.string());
    start();
    run("job", "tasks:ok", R"(,"isolation":"fresh")");
    BOOST_TEST(ended("job").result == "\"done\"");

    put_in_place(FOLIOT_FIXTURES_DIR "/newer/tasks.so", folder / "tasks.so");
    BOOST_REQUIRE(server->client().post("/scheduler/jobs/job/run").status == 200);
    BOOST_REQUIRE(wait_until([&] { return executions("job").size() == 2; }));
    const auto second = ended("job");
    BOOST_TEST(second.state == "succeeded");
    BOOST_TEST(second.result == "\"done anew\"");
    const auto reply = server->client().get("/api/v1/executions/" + second.id);
    BOOST_TEST(text_of(json::parse(reply.body), "module_version") == "2.0.0", reply.body);
    BOOST_TEST(executions("job").size() == 2U);
}

}  // namespace
}  // namespace foliot::testing
