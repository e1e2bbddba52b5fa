#include "cli/program.hpp"
#include "module/catalogue.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>

using namespace foliot;
using namespace foliot::testing;

namespace {

/// What the server's catalogue makes of a folder.
struct Server {
    TempDir folder;
    ManualClock clock;
    std::unique_ptr<store::Store> store = store::open_sqlite({folder / "foliot.db"}, clock);
    module::Catalogue catalogue;

    explicit Server(const std::filesystem::path& modules)
        : catalogue({{modules}, {modules}, std::filesystem::path(FOLIOT_BIN_DIR) / "foliot-worker", 20 * kSecond, 1},
                    *store) {
        catalogue.rescan();
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(describing)

BOOST_AUTO_TEST_CASE(a_table_tells_functions_and_parameters) {
    const auto said = testing::foliot({"module", "describe", sample_file()});
    BOOST_TEST(said.exit.code == 0);
    BOOST_TEST(said.out.starts_with("sample 0."));
    BOOST_TEST(contains(said.out, ", module interface 1.0, build "));
    BOOST_TEST(contains(said.out, "\nhello  Hello\n"));
    BOOST_TEST(contains(said.out, "\n  name  string   optional, default \"world\"; Who is greeted\n"), said.out);
    BOOST_TEST(contains(said.out, "\n  steps         integer  optional, default 10, at least 1, at most 10000; "),
               said.out);
    BOOST_TEST(contains(said.out, "\n  takes any arguments\n"));
}

BOOST_AUTO_TEST_CASE(json_says_what_the_server_knows) {
    Server server(FOLIOT_MODULES_DIR);
    for (const auto& known : server.catalogue.modules()) {
        const auto said = testing::foliot({"module", "describe", known->path, "--json"});
        BOOST_TEST(said.exit.code == 0, known->name);
        const json::Value told = json::parse(said.out);
        BOOST_TEST(told.find("name")->string == known->name);
        BOOST_TEST(told.find("version")->string == known->version);
        BOOST_TEST(told.find("build_id")->string == known->build_id);
        BOOST_TEST(told.find("status")->string == "ok");
        const auto& functions = told.find("functions")->items;
        BOOST_REQUIRE(functions.size() == known->functions.size());
        for (std::size_t i = 0; i < functions.size(); ++i) {
            const module::Function& function = known->functions[i];
            BOOST_TEST(functions[i].find("name")->string == function.name);
            const auto& arguments = functions[i].find("arguments")->items;
            BOOST_REQUIRE(arguments.size() == function.params.size());
            for (std::size_t p = 0; p < arguments.size(); ++p)
                BOOST_TEST(arguments[p].find("type")->string == function.params[p].type);
        }
    }
}

BOOST_AUTO_TEST_CASE(command_and_server_say_the_same_of_every_bad_module) {
    Server server(FOLIOT_FIXTURES_DIR);
    int bad = 0;
    for (const auto& known : server.catalogue.modules()) {
        if (known->status == module::Status::ok) continue;
        ++bad;
        const auto said = testing::foliot({"module", "describe", known->path, "--json"});
        BOOST_TEST(said.exit.code == cli::kFailed, known->name);
        const json::Value told = json::parse(said.out);
        BOOST_TEST(told.find("status")->string == module::status_name(known->status), known->name);
        BOOST_TEST(told.find("problem")->string == known->problem);
        BOOST_TEST(contains(testing::foliot({"module", "describe", known->path}).out, known->problem));
    }
    BOOST_TEST(bad > 8);
}

BOOST_AUTO_TEST_SUITE_END()
