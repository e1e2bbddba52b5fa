// A time zone that is gone from the machine when the server starts again.
#include "app/fixture.hpp"

#include <cstdlib>
#include <fstream>

namespace foliot::testing {
namespace {

/// The machine's time zone database for servers that are started meanwhile: a copy of two zones.
struct OwnZones : ServerFixture {
    std::filesystem::path zones = dir / "zoneinfo";
    OwnZones() {
        std::filesystem::create_directories(zones / "Test");
        std::ofstream(zones / "tzdata.zi") << "# version test\nZ Test/Gone 0 - x\nZ Test/Stays 0 - x\n";
        std::filesystem::copy_file("/usr/share/zoneinfo/Europe/Berlin", zones / "Test/Gone");
        std::filesystem::copy_file("/usr/share/zoneinfo/Asia/Kolkata", zones / "Test/Stays");
        ::setenv("TZDIR", zones.c_str(), 1);
    }
    ~OwnZones() { ::unsetenv("TZDIR"); }
    OwnZones(const OwnZones&) = delete;
    OwnZones& operator=(const OwnZones&) = delete;
};

BOOST_FIXTURE_TEST_CASE(a_job_whose_time_zone_is_gone_is_read_and_mended_after_a_restart, OwnZones) {
    start();
    const auto added =
        server->client().post("/scheduler/jobs", R"({"id":"a","func":"tasks:ok","trigger":"cron","hour":3,)"
                                                 R"("timezone":"Test/Gone"})");
    BOOST_REQUIRE_MESSAGE(added.status == 200, added.body);
    server->stop();
    std::filesystem::remove(zones / "Test/Gone");
    start();
    const auto read = server->client().get("/scheduler/jobs/a");
    BOOST_TEST(read.status == 200, read.body);
    const auto next = server->client().get("/api/v1/jobs/a/next");
    BOOST_TEST(next.status == 400, next.body);
    BOOST_TEST(next.body.find("Test/Gone") != std::string::npos, next.body);
    const auto mended =
        server->client().send("PATCH", "/scheduler/jobs/a", R"({"trigger":"cron","hour":3,"timezone":"Test/Stays"})");
    BOOST_TEST(mended.status == 200, mended.body);
    BOOST_TEST(server->client().get("/api/v1/jobs/a/next").status == 200);
}

}  // namespace
}  // namespace foliot::testing
