// A module built outside our tree, against nothing but an installed SDK.
#include "sdk/author.hpp"

#include <foliot/testing.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <string>

namespace {

namespace fs = std::filesystem;
using foliot::testing::Author;
using foliot::testing::in_quotes;
using foliot::testing::output_of;
using foliot::testing::write_text;

constexpr const char* kProject = R"(cmake_minimum_required(VERSION 3.25)
project(reports LANGUAGES CXX)
enable_testing()
find_package(Foliot 1 REQUIRED)
set(CMAKE_CXX_FLAGS "-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror")
foliot_add_module(my.reports VERSION 1.4.0 SOURCES src/reports.cpp TARGET reports)
foliot_add_module_tests(reports tests/reports_test.cpp)
)";

constexpr const char* kHeader = R"(#pragma once
#include <foliot/job.hpp>
struct Args {
    int rows = 100;
    static constexpr auto schema() { return foliot::fields(foliot::field("rows", &Args::rows).range(1, 500).optional()); }
};
foliot::Object send(foliot::Context& context, const Args& args);
)";

constexpr const char* kModule = R"(#include "reports.hpp"
using namespace std::chrono_literals;
foliot::Object send(foliot::Context& context, const Args& args) {
    for (int row = 0; row < args.rows; ++row) {
        context.checkpoint();
        context.info("row");
    }
    return foliot::Object{}.set("rows", args.rows);
}
FOLIOT_MODULE(FOLIOT_MODULE_NAME, FOLIOT_MODULE_VERSION, module) {
    module.job<send>("send", {.title = "Send", .max_retries = 4, .first_delay = 10s, .backoff = 1.5, .max_delay = 1h, .timeout = 2min});
}
)";

constexpr const char* kTest = R"(#include <foliot/testing.hpp>
#include "../src/reports.hpp"
int main() {
    foliot::testing::Host host;
    if (host.call<send>({3}).result != "{\"rows\":3}") return 1;
    if (host.call<send>({501}).error_code != "bad_arguments") return 2;
    return host.cancel_on_log("row").run<send>(Args{}).outcome == FOLIOT_CANCELLED ? 0 : 3;
}
)";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(installed_sdk, Author)

BOOST_AUTO_TEST_CASE(a_module_is_built_tested_and_installed_outside_our_tree) {
    write_text(source / "CMakeLists.txt", kProject);
    write_text(source / "src/reports.hpp", kHeader);
    write_text(source / "src/reports.cpp", kModule);
    write_text(source / "tests/reports_test.cpp", kTest);
    BOOST_TEST(build_all().find("100% tests passed, 0 tests failed out of 1") != std::string::npos);

    const fs::path built = build / "modules/my.reports.so";
    BOOST_TEST(foliot::testing::exports(built) == "foliot_module_v1\n");
    const auto note = foliot::testing::read_note(built);
    BOOST_REQUIRE(note);
    BOOST_TEST(note->name == "my.reports");
    BOOST_TEST(note->version == "1.4.0");
    const std::string dynamic = output_of("readelf -d " + in_quotes(built));
    BOOST_TEST(dynamic.find("BIND_NOW") != std::string::npos);
    const foliot::testing::SharedObject object(built);
    BOOST_TEST(
        std::string(object.job("send").meta_json)
            .ends_with(
                R"("max_retries":4,"first_delay_us":10000000,"backoff":1.5,"max_delay_us":3600000000,"timeout_us":120000000})"));
    const std::string installed = output_of("cd " + in_quotes(prefix) + " && find . -name '*.so'");
    BOOST_TEST(installed.ends_with("/foliot/modules/my.reports.so\n"));
}

BOOST_AUTO_TEST_CASE(pkg_config_finds_the_headers_where_they_were_installed) {
    const std::string search =
        "PKG_CONFIG_PATH=$(dirname $(find " + in_quotes(prefix) + " -name foliot.pc)) pkg-config ";
    std::string flags = output_of(search + "--cflags-only-I foliot");
    flags.resize(flags.find_last_not_of(" \n") + 1);
    BOOST_TEST(flags.starts_with("-I"));
    BOOST_TEST(fs::exists(fs::path(flags.substr(2)) / "foliot/abi.h"));
    BOOST_TEST(output_of(search + "--atleast-version=1.0 foliot && echo yes") == "yes\n");
}

BOOST_AUTO_TEST_CASE(an_undefined_symbol_does_not_link) {
    write_text(source / "CMakeLists.txt",
               "cmake_minimum_required(VERSION 3.25)\nproject(x LANGUAGES CXX)\nfind_package(Foliot 1 REQUIRED)\n"
               "foliot_add_module(x VERSION 1 SOURCES x.cpp)\n");
    write_text(source / "x.cpp",
               "#include <foliot/job.hpp>\nint missing();\nstatic int run(foliot::Context&) { return missing(); }\n"
               "FOLIOT_MODULE(\"x\", \"1\", module) { module.job<run>(\"run\"); }\n");
    BOOST_CHECK_EXCEPTION(build_all(), std::runtime_error, [](const std::exception& e) {
        return std::string(e.what()).find("undefined reference") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
