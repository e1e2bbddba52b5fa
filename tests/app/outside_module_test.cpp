// A module that knows nothing of this tree but the installed SDK, run by the real server.
#include "app/fixture.hpp"
#include "sdk/author.hpp"

namespace foliot::testing {
namespace {

constexpr const char* kProject = R"(cmake_minimum_required(VERSION 3.25)
project(greetings LANGUAGES CXX)
enable_testing()
add_test(NAME nothing COMMAND ${CMAKE_COMMAND} -E true)
find_package(Foliot 1 REQUIRED)
foliot_add_module(greetings VERSION 1.2.3 SOURCES greetings.cpp)
)";

constexpr const char* kModule = R"(#include <foliot/job.hpp>
struct Args {
    std::string name;
    int times = 1;
    static constexpr auto schema() {
        return foliot::fields(foliot::field("name", &Args::name), foliot::field("times", &Args::times).range(1, 3).optional());
    }
};
static std::string greet(foliot::Context& context, const Args& args) {
    for (int i = 0; i < args.times; ++i) context.info("hello " + args.name);
    return args.name;
}
FOLIOT_MODULE("greetings", "1.2.3", module) { module.job<greet>("greet"); }
)";

BOOST_FIXTURE_TEST_CASE(a_module_built_outside_our_tree_runs_in_the_server, ServerFixture) {
    const Author author;
    write_text(author.source / "CMakeLists.txt", kProject);
    write_text(author.source / "greetings.cpp", kModule);
    author.build_all();

    const auto folder = (author.build / "modules").string();
    settings.insert(settings.end(), {"modules.path=" + folder, "modules.trusted_paths=" + folder});
    start();
    const auto refused = server->client().post(
        "/scheduler/jobs", R"({"id":"j","func":"greetings:greet","trigger":"interval","weeks":1,"args":["you",4]})");
    BOOST_TEST(refused.status == 500);
    BOOST_TEST(refused.body.find("times") != std::string::npos, refused.body);

    run("greet", "greetings:greet", R"(,"args":["you"],"kwargs":{"times":2})");
    const auto greeting = ended("greet");
    BOOST_TEST(greeting.state == "succeeded");
    BOOST_TEST(greeting.result == "\"you\"");
    BOOST_TEST(output(greeting).find("hello you") != std::string::npos, output(greeting));
}

}  // namespace
}  // namespace foliot::testing
