// Edits of a running server's jobs count before their next fire, also when it moves nearer.
#include "app/fixture.hpp"

namespace foliot::testing {
namespace {

struct EditedTimes : ServerFixture {
    EditedTimes() { start(); }

    void add(const std::string& id, const std::string& trigger) const {
        const auto reply =
            server->client().post("/scheduler/jobs", R"({"id":")" + id + R"(","func":"tasks:ok",)" + trigger + "}");
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
    }
    void edit(const std::string& method, const std::string& path, const std::string& body) const {
        const auto reply = server->client().send(method, path, body);
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
    }
    bool soon_runs(const std::string& id) const {
        return wait_until([&] {
            const auto runs = executions(id);
            return !runs.empty() && runs.front().state == "succeeded";
        });
    }
};

BOOST_FIXTURE_TEST_SUITE(edited_times, EditedTimes)

BOOST_AUTO_TEST_CASE(a_fire_that_moves_nearer_is_not_slept_through) {
    add("interval", R"("trigger":"interval","weeks":9)");
    add("cron", R"("trigger":"cron","year":2099)");
    add("date", R"("trigger":"date","run_date":"2099-01-01")");
    edit("PATCH", "/scheduler/jobs/interval", R"({"trigger":"interval","seconds":1})");
    BOOST_TEST(soon_runs("interval"));
    edit("PATCH", "/scheduler/jobs/cron", R"({"trigger":"cron","second":"*"})");
    BOOST_TEST(soon_runs("cron"));
    edit("PATCH", "/scheduler/jobs/date", R"({"run_date":"2020-01-01","misfire_grace_time":null})");
    BOOST_TEST(soon_runs("date"));
}

BOOST_AUTO_TEST_CASE(a_changed_schedule_moves_its_jobs_at_once) {
    edit("POST", "/schedules", R"({"config":{"period":900000}})");
    add("a", R"("trigger":"schedule","schedule":1)");
    add("b", R"("trigger":"schedule","schedule":1)");
    edit("PUT", "/schedules/1", R"({"config":{"period":1}})");
    BOOST_TEST(soon_runs("a"));
    BOOST_TEST(soon_runs("b"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
