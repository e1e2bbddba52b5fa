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

/// A server with a folder of modules of its own, which holds `tasks`.
struct OwnModules : ServerFixture {
    std::filesystem::path folder = dir / "own-modules";

    void begin() {
        std::filesystem::create_directory(folder);
        put_in_place(FOLIOT_FIXTURES_DIR "/tasks.so", folder / "tasks.so");
        settings.push_back("modules.path=" + folder.string());
        settings.push_back("modules.trusted_paths=" + folder.string());
        start();
    }
    std::string rescan() {
        const auto reply = server->client().post("/api/v1/modules/rescan");
        BOOST_TEST(reply.status == 200, reply.body);
        return reply.body;
    }
    bool has(const std::string& function) {
        return server->client().get("/api/v1/functions/" + function).status == 200;
    }
    std::string last_audit(const std::string& member) {
        const auto reply = server->client().get("/api/v1/logs?limit=1");
        return text_of(json::parse(reply.body).find("logs")->items.at(0), member);
    }
};

BOOST_FIXTURE_TEST_CASE(modules_come_change_and_go_when_an_admin_looks_anew, OwnModules) {
    begin();
    BOOST_TEST(!has("golden_jobs.jobs:OkJob"));
    put_in_place(FOLIOT_FIXTURES_DIR "/golden_jobs.jobs.so", folder / "golden_jobs.jobs.so");
    put_in_place(FOLIOT_FIXTURES_DIR "/missing_symbol.so", folder / "missing_symbol.so");
    BOOST_TEST(!has("golden_jobs.jobs:OkJob"));
    const std::string found = rescan();
    BOOST_TEST(found.find(R"("name":"missing_symbol")") != std::string::npos, found);
    BOOST_TEST(has("golden_jobs.jobs:OkJob"));
    BOOST_TEST(last_audit("event") == "rescanned");
    BOOST_TEST(last_audit("after").find("golden_jobs.jobs 1.0.0 ok") != std::string::npos, last_audit("after"));
    run("job", "golden_jobs.jobs:OkJob", R"(,"args":[1])");
    BOOST_TEST(ended("job").state == "succeeded");

    put_in_place(FOLIOT_FIXTURES_DIR "/newer/tasks.so", folder / "tasks.so");
    std::filesystem::remove(folder / "golden_jobs.jobs.so");
    BOOST_TEST(rescan().find(R"("name":"tasks","version":"2.0.0")") != std::string::npos);
    BOOST_TEST(!has("golden_jobs.jobs:OkJob"));
    BOOST_TEST(last_audit("before").find("golden_jobs.jobs 1.0.0 ok") != std::string::npos, last_audit("before"));
}

/// It is examined for ten seconds, so the answer may come first.
BOOST_FIXTURE_TEST_CASE(a_module_that_hangs_keeps_neither_the_request_nor_other_modules_waiting_for_ever, OwnModules) {
    begin();
    put_in_place(FOLIOT_FIXTURES_DIR "/hanging/ctor_hang.so", folder / "ctor_hang.so");
    const auto reply = server->client().post("/api/v1/modules/rescan");
    BOOST_TEST((reply.status == 200 || reply.status == 202), reply.body);
    BOOST_TEST(has("tasks:ok"));
    BOOST_TEST(wait_until([&] {
        const auto module = server->client().get("/api/v1/modules/ctor_hang");
        return module.status == 200 && text_of(json::parse(module.body), "status") == "timed_out";
    }));
}

}  // namespace
}  // namespace foliot::testing
