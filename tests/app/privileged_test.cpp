// What the log says of privileged modules when the server starts.
#include "app/fixture.hpp"
#include "base/clock.hpp"
#include "service/secrets.hpp"
#include "store/store.hpp"

namespace foliot::testing {
namespace {

struct Person {
    std::int64_t id = 0;
    std::string name, token;
};

struct PrivilegedFixture : ServerFixture {
    std::string operators = person("olga", kOperators).token;

    /// While no server runs.
    template <class Change>
    auto in_store(const Change& change) const {
        const SystemClock clock;
        const auto store = store::open_sqlite({.file = dir / "foliot.db"}, clock);
        decltype(change(std::declval<store::Tx&>())) made{};
        store->write(store::Store::Class::api, [&](store::Tx& tx) { made = change(tx); });
        return made;
    }
    Person person(const std::string& name, std::int64_t group) const {
        return in_store([&](store::Tx& tx) {
            Person one{tx.accounts().add({.name = name, .groups = {group}}), name, service::random_token()};
            tx.accounts().add_token({.account = one.id, .hash = service::token_hash(one.token), .scope = Scope::admin});
            return one;
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

BOOST_AUTO_TEST_CASE(jobs_of_those_who_are_admins_no_more_are_named_too) {
    const std::int64_t chiefs = in_store([](store::Tx& tx) { return tx.accounts().add_group("chiefs", Role::admin); });
    const Person stays = person("rosa", kAdmins), demoted = person("dora", kAdmins), deleted = person("dirk", kAdmins),
                 regrouped = person("rita", chiefs);
    start_with("tasks", "serving on");
    for (const Person& one : {demoted, deleted, regrouped}) add(one.token, "of " + one.name, "tasks:ok");
    server->stop();
    start_with("tasks", "serving on");
    server->stop();
    BOOST_TEST(server->log().find("no Admins") == std::string::npos, server->log());
    struct Change {
        std::string method, path, body, expected;
    };
    const std::string user = "/api/v1/users/",
                      by_others = " of the privileged module 'tasks' last saved by users who are no Admins ";
    const std::vector<Change> changes{
        {"PATCH", user + std::to_string(demoted.id), R"({"groups":["Operators"]})", "1 job" + by_others + "(of dora)"},
        {"DELETE", user + std::to_string(deleted.id), "", "2 jobs" + by_others + "(of dora, of dirk)"},
        {"PATCH", "/api/v1/groups/" + std::to_string(chiefs), R"({"role":"operator"})",
         "3 jobs" + by_others + "(of dora, of dirk, of rita)"}};
    for (const Change& change : changes) {
        start_with("tasks", "serving on");
        const auto reply = HttpClient(server->port(), stays.token).send(change.method, change.path, change.body);
        BOOST_TEST(reply.status / 100 == 2, change.path << ": " << reply.body);
        server->stop();
        start_with("tasks", change.expected);
        server->stop();
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_no_module_has_is_told) {
    const std::string log = start_with("shell, tasks, taks", "names 'taks'");
    BOOST_TEST(log.find("names 'tasks'") == std::string::npos);
    BOOST_TEST(log.find("names 'shell'") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace foliot::testing
