// What the log says of privileged modules when the server starts.
#include "app/fixture.hpp"
#include "base/clock.hpp"
#include "service/secrets.hpp"
#include "store/store.hpp"

namespace foliot::testing {
namespace {

struct PrivilegedFixture : ServerFixture {
    std::string operators;  ///< an Operator's token

    PrivilegedFixture() {
        const SystemClock clock;
        const auto store = store::open_sqlite({.file = dir / "foliot.db"}, clock);
        operators = service::random_token();
        store->write(store::Store::Class::api, [&](store::Tx& tx) {
            const auto id = tx.accounts().add({.name = "olga", .groups = {kOperators}});
            tx.accounts().add_token({.account = id, .hash = service::token_hash(operators), .scope = Scope::write});
        });
    }
    /// The log of this life.
    std::string start_with(const std::string& privileged, const std::string& expected) {
        std::filesystem::remove(dir / "server.log");
        settings = {"modules.privileged=" + privileged};
        start();
        BOOST_TEST(wait_until([&] { return server->log().find(expected) != std::string::npos; }), server->log());
        return server->log();
    }
    void add(const std::string& token, const std::string& id, const std::string& func) const {
        const auto reply = HttpClient(server->port(), token)
                               .post("/scheduler/jobs", R"({"id":")" + id + R"(","func":")" + func +
                                                            R"(","trigger":"interval","weeks":1})");
        BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(privileged_modules, PrivilegedFixture)

BOOST_AUTO_TEST_CASE(jobs_that_others_saved_are_named_until_an_admin_has_saved_them) {
    start_with("shell", "serving on");
    add(server->token(), "by an admin", "tasks:ok");
    add(operators, "of another module", "sample:hello");
    for (int i = 0; i < 7; ++i) add(operators, "olga" + std::to_string(i), "tasks:ok");
    server->stop();
    for (const char* why : {"a first time", "and again"}) {
        const std::string log = start_with(
            "tasks",
            "7 jobs of the privileged module 'tasks' last saved by users who are no Admins (olga0, olga1, olga2, "
            "olga3, olga4, ...)");
        BOOST_TEST(log.find("by an admin") == std::string::npos, why);
        BOOST_TEST(HttpClient(server->port(), operators).send("DELETE", "/scheduler/jobs/olga1").status == 403);
        server->stop();
    }
    start_with("tasks", "serving on");
    BOOST_TEST(server->client().send("PATCH", "/scheduler/jobs/olga0", R"({"name":"looked at"})").status == 200);
    for (int i = 2; i < 7; ++i) {
        BOOST_TEST(server->client().send("DELETE", "/scheduler/jobs/olga" + std::to_string(i)).status == 204);
    }
    server->stop();
    start_with("tasks", "1 job of the privileged module 'tasks' last saved by users who are no Admins (olga1)");
    BOOST_TEST(server->client().send("DELETE", "/scheduler/jobs/olga1").status == 204);
    server->stop();
    const std::string log = start_with("tasks", "serving on");
    server->stop();
    BOOST_TEST(server->log().find("no Admins") == std::string::npos, log);
}

BOOST_AUTO_TEST_CASE(a_name_that_no_module_has_is_told) {
    const std::string log = start_with("shell, tasks, taks", "names 'taks'");
    BOOST_TEST(log.find("names 'tasks'") == std::string::npos);
    BOOST_TEST(log.find("names 'shell'") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace foliot::testing
