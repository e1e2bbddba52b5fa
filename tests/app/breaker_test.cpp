// A function that crashes again and again, in the whole server.
#include "app/fixture.hpp"

#include <fstream>

namespace foliot::testing {
namespace {

const std::string kModule = "run_aborts_if_told", kFunc = kModule + ":run";

struct BreakerFixture : ServerFixture {
    std::filesystem::path folder = dir / "own-modules", told = dir / "crash";

    void begin() {
        std::filesystem::create_directory(folder);
        put_in_place();
        settings.push_back("modules.path=" + folder.string());
        settings.push_back("modules.trusted_paths=" + folder.string());
        settings.emplace_back("workers.breaker=3");
        start();
        tell_to_crash();
        auto client = server->client();
        add("crashes", kFunc, R"("args":[")" + told.string() + R"("])");
        add("other", kModule + ":other", R"("args":[])");
    }
    void add(const std::string& id, const std::string& func, const std::string& args) {
        const auto added =
            server->client().post("/scheduler/jobs", R"({"id":")" + id + R"(","func":")" + func + R"(",)" + args +
                                                         R"(,"trigger":"interval","weeks":50})");
        BOOST_REQUIRE_MESSAGE(added.status == 200, added.body);
    }
    void put_in_place() {
        const auto beside = folder / "new";
        std::filesystem::copy_file(FOLIOT_FIXTURES_DIR "/" + kModule + ".so", beside);
        std::filesystem::rename(beside, folder / (kModule + ".so"));
    }
    void tell_to_crash() { std::ofstream(told) << "now"; }

    /// Runs it by hand, to its end.
    Execution run_once(const std::string& job) {
        const std::size_t before = executions(job).size();
        BOOST_REQUIRE(server->client().post("/scheduler/jobs/" + job + "/run").status == 200);
        BOOST_REQUIRE(wait_until([&] { return executions(job).size() == before + 1; }));
        return ended(job);
    }
    void crash_until_it_trips() {
        for (int i = 0; i < 3; ++i) BOOST_TEST(run_once("crashes").reason == "crashed:SIGABRT");
        BOOST_TEST(wait_until([&] { return is_broken(); }));
    }
    std::string get(const std::string& path) const {
        const auto reply = server->client().get(path);
        BOOST_TEST(reply.status == 200, reply.body);
        return reply.body;
    }
    bool is_broken() const { return get("/api/v1/functions/" + kFunc).find(R"("broken":null)") == std::string::npos; }
    std::string last_audit() const {
        const std::string text = get("/api/v1/logs?limit=1");
        const auto page = json::parse(text);
        const auto& entry = page.find("logs")->items.at(0);
        return text_of(entry, "user") + ' ' + text_of(entry, "event") + ' ' + text_of(entry, "ref");
    }
};

BOOST_FIXTURE_TEST_SUITE(breaker, BreakerFixture)

BOOST_AUTO_TEST_CASE(it_trips_is_seen_survives_a_restart_and_is_resumed_by_hand) {
    begin();
    crash_until_it_trips();
    const auto refused = run_once("crashes");
    BOOST_TEST(refused.state == "failed");
    BOOST_TEST(refused.reason == "breaker");
    BOOST_TEST(refused.error.find("crashed 3 times in a row") != std::string::npos, refused.error);
    BOOST_TEST(last_audit() == "admin custom_run crashes");
    const std::string logs = get("/api/v1/logs");
    BOOST_TEST(logs.find(R"("event": "broken")") != std::string::npos, logs);
    BOOST_TEST(server->log().find(kFunc + " is not run any more: it crashed 3 times") != std::string::npos);
    const std::string function = get("/api/v1/functions/" + kFunc);
    BOOST_TEST(function.find(R"("crashes":3,"reason":"crashed:SIGABRT")") != std::string::npos, function);
    BOOST_TEST(get("/api/v1/modules").find(R"("broken":["run"])") != std::string::npos);
    BOOST_TEST(run_once("other").state == "succeeded");

    BOOST_TEST(server->stop().code == 0);
    start();
    BOOST_TEST(is_broken());
    BOOST_TEST(server->log().find(kFunc + " is not run since it crashed 3 times") != std::string::npos);
    BOOST_TEST(run_once("crashes").reason == "breaker");

    std::filesystem::remove(told);
    BOOST_TEST(server->client().post("/api/v1/functions/" + kFunc + "/resume").status == 204);
    BOOST_TEST(last_audit() == "admin resumed " + kFunc);
    BOOST_TEST(!is_broken());
    BOOST_TEST(run_once("crashes").state == "succeeded");
    BOOST_TEST(server->stop().code == 0);
    start();
    BOOST_TEST(!is_broken());
}

BOOST_AUTO_TEST_CASE(another_version_of_its_module_is_run) {
    begin();
    crash_until_it_trips();
    put_in_place();
    BOOST_TEST(server->client().post("/api/v1/modules/rescan").status == 200);
    BOOST_TEST(!is_broken(), "it is told without a run");
    BOOST_TEST(get("/api/v1/modules").find(R"("broken":["run"])") == std::string::npos);
    BOOST_TEST(run_once("crashes").reason == "crashed:SIGABRT", "it was run");
    BOOST_TEST(!is_broken());
    BOOST_TEST(
        wait_until([&] { return get("/api/v1/logs").find("another version of its module") != std::string::npos; }));
    std::filesystem::remove(told);
    BOOST_TEST(run_once("crashes").state == "succeeded");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
