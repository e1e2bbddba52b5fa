// Users, passwords and tokens over REST and from the command line, on a real server.
#include "app/fixture.hpp"
#include "base/clock.hpp"
#include "service/secrets.hpp"
#include "store/store.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace foliot::testing {
namespace {

struct Outcome {
    int status = -1;
    std::string text;
};

struct AccountsFixture : ServerFixture {
    /// foliotd with these arguments and that standard input.
    Outcome foliotd(const std::string& arguments, const std::string& input) const {
        const std::string command = "printf '%s' '" + input +
                                    "' | " FOLIOT_BIN_DIR "/foliotd -Ddata_dir=" + dir.path().string() + " " +
                                    arguments + " 2>&1";
        Outcome outcome;
        FILE* pipe = ::popen(command.c_str(), "r");
        BOOST_REQUIRE(pipe != nullptr);
        std::array<char, 256> line{};
        while (std::fgets(line.data(), line.size(), pipe) != nullptr) outcome.text += line.data();
        outcome.status = WEXITSTATUS(::pclose(pipe));
        return outcome;
    }
    Reply as(const std::string& credentials, const std::string& path) const {
        return HttpClient(server->port(), "").send("GET", path, "", {{"Authorization", credentials}});
    }
    std::string added(const std::string& path, const std::string& body) const {
        const auto reply = server->client().post(path, body);
        BOOST_TEST(reply.status == 201, reply.body);
        return reply.body;
    }
    /// Everything that the server keeps, but the first token's file.
    std::string kept() const {
        std::string bytes;
        for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
            if (entry.is_regular_file() && entry.path().filename() != "admin.token") {
                bytes += read_file(entry.path().string());
            }
        }
        return bytes;
    }
};

struct RouteCase {
    const char *method, *path, *body;
    /// Statuses for nobody, a Viewer, an Operator, an Admin, an Admin's token of scope write, and of scope read.
    std::array<int, 6> status;
};

const RouteCase kRoutes[] = {
    {"GET", "/api/v1/users", "", {401, 403, 403, 200, 200, 200}},
    {"POST", "/api/v1/users", "{}", {401, 403, 403, 400, 403, 403}},
    {"GET", "/api/v1/users/me", "", {401, 200, 200, 200, 200, 200}},
    {"PATCH", "/api/v1/users/me", "{}", {401, 200, 200, 200, 200, 403}},
    {"GET", "/api/v1/users/1", "", {401, 403, 403, 200, 200, 200}},
    {"PATCH", "/api/v1/users/1", "{}", {401, 403, 403, 200, 403, 403}},
    {"DELETE", "/api/v1/users/99", "", {401, 403, 403, 404, 403, 403}},
    {"GET", "/api/v1/groups", "", {401, 403, 403, 200, 200, 200}},
    {"POST", "/api/v1/groups", "{}", {401, 403, 403, 400, 403, 403}},
    {"GET", "/api/v1/groups/1", "", {401, 403, 403, 200, 200, 200}},
    {"PATCH", "/api/v1/groups/99", "{}", {401, 403, 403, 404, 403, 403}},
    {"DELETE", "/api/v1/groups/99", "", {401, 403, 403, 404, 403, 403}},
    {"GET", "/api/v1/tokens", "", {401, 200, 200, 200, 200, 200}},
    {"GET", "/api/v1/tokens?user=all", "", {401, 403, 403, 200, 200, 200}},
    {"POST", "/api/v1/tokens", "{}", {401, 400, 400, 400, 400, 403}},
    {"DELETE", "/api/v1/tokens?user=99", "", {401, 403, 403, 404, 403, 403}},
    {"GET", "/api/v1/tokens/99", "", {401, 404, 404, 404, 404, 404}},
    {"DELETE", "/api/v1/tokens/99", "", {401, 404, 404, 404, 404, 403}},
    {"GET", "/api/v1/logs", "", {401, 200, 200, 200, 200, 200}},
};

struct RolesFixture : AccountsFixture {
    std::array<std::string, 6> tokens;

    RolesFixture() {
        make_tokens();
        start();
        tokens[3] = server->token();
        for (const auto& [at, scope] : {std::pair{4, "write"}, std::pair{5, "read"}}) {
            const auto body = added("/api/v1/tokens", R"({"name":"x","scope":")" + std::string(scope) + "\"}");
            tokens.at(static_cast<std::size_t>(at)) = text_of(json::parse(body), "token");
        }
    }

    void make_tokens() {
        const SystemClock clock;
        const auto store = store::open_sqlite({.file = dir / "foliot.db"}, clock);
        store->write(store::Store::Class::api, [&](store::Tx& tx) {
            for (const auto& [at, group] : {std::pair{1, kViewers}, std::pair{2, kOperators}}) {
                std::string& token = tokens.at(static_cast<std::size_t>(at));
                token = service::random_token();
                const auto id = tx.accounts().add({.name = "user" + std::to_string(at), .groups = {group}});
                tx.accounts().add_token({.account = id, .hash = service::token_hash(token), .scope = Scope::admin});
            }
        });
    }
};

std::string set_password(const std::string& user) { return "--set-password " + user; }

}  // namespace

BOOST_FIXTURE_TEST_CASE(each_role_and_scope_meets_each_route_of_accounts, RolesFixture) {
    for (const RouteCase& route : kRoutes) {
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            HttpClient client(server->port(), tokens.at(i));
            const auto reply = client.send(route.method, route.path, route.body);
            BOOST_TEST(reply.status == route.status.at(i), route.method << " " << route.path << " as number " << i
                                                                        << ": " << reply.status << " " << reply.body);
        }
    }
}

BOOST_FIXTURE_TEST_SUITE(accounts, AccountsFixture)

BOOST_AUTO_TEST_CASE(no_secret_is_in_the_log_the_database_or_another_answer) {
    settings.emplace_back("log.level=debug");
    start();
    const std::string password = "correct horse battery", second = "another long secret";
    added("/api/v1/users", R"({"name":"ann","groups":["Admins"],"password":")" + password + "\"}");
    const auto made = json::parse(added("/api/v1/tokens", R"({"name":"ci","scope":"read","user":2})"));
    const std::string token = text_of(made, "token");
    BOOST_TEST(as(basic("ann:" + password), "/api/v1/users/me").status == 200);
    BOOST_TEST(as("Token " + token, "/api/v1/users/me").status == 200);
    BOOST_TEST(server->client().send("PATCH", "/api/v1/users/2", R"({"password":")" + second + "\"}").status == 200);
    BOOST_TEST(as(basic("ann:" + password), "/api/v1/users/me").status == 401);
    std::string answers;
    for (const char* path : {"/api/v1/logs", "/api/v1/users", "/api/v1/users/2", "/api/v1/tokens?user=all"}) {
        answers += server->client().get(path).body;
    }
    server->stop();
    const std::string bytes = kept() + answers;
    const std::string header = basic("ann:" + password).substr(std::string("Basic ").size());
    for (const std::string& secret : {password, second, token, header, server->token()}) {
        BOOST_TEST(bytes.find(secret) == std::string::npos);
    }
    BOOST_TEST(answers.find("$argon2") == std::string::npos);
    BOOST_TEST(answers.find("password: set -> changed") != std::string::npos, answers);
}

BOOST_AUTO_TEST_CASE(guessing_is_throttled_in_the_words_of_each_dialect_and_tokens_go_on) {
    start();
    int tries = 0;
    Reply reply;
    for (; tries < 12; ++tries) {
        reply = as(basic("admin:guess number " + std::to_string(tries)), "/api/v1/executions");
        if (reply.status != 401) break;
        BOOST_TEST(reply.headers.at("www-authenticate") == "Bearer realm=\"foliot\"");
    }
    BOOST_TEST(tries == 10);
    BOOST_TEST(reply.status == 429);
    BOOST_TEST(reply.headers.contains("retry-after"));
    BOOST_TEST(reply.body.starts_with("{\"error\": \"too many failed attempts"), reply.body);
    const auto flask = as(basic("admin:guess"), "/scheduler");
    BOOST_TEST(flask.status == 429);
    BOOST_TEST(flask.body.starts_with("{\"error_message\": "), flask.body);
    BOOST_TEST(as(basic("admin:guess"), "/api/v1/users").status == 429);
    BOOST_TEST(as(basic("admin:guess"), "/livez").status == 200);
    BOOST_TEST(server->client().get("/scheduler").status == 200);
    BOOST_TEST(as("", "/scheduler").headers.at("www-authenticate").starts_with("Basic "));
}

BOOST_AUTO_TEST_CASE(behind_a_trusted_proxy_each_client_has_attempts_of_its_own) {
    const auto guess = [&](int number, const std::string& client) {
        return HttpClient(server->port(), "")
            .send("GET", "/scheduler", "",
                  {{"Authorization", basic("user" + std::to_string(number) + ":guess")}, {"X-Forwarded-For", client}})
            .status;
    };
    settings.emplace_back("http.trusted_proxies=127.0.0.0/8");
    start();
    for (int i = 0; i < 10; ++i) BOOST_TEST(guess(i, "203.0.113.1, 198.51.100.9") == 401);
    BOOST_TEST(guess(10, "203.0.113.2, 198.51.100.9") == 429);
    BOOST_TEST(guess(10, "198.51.100.8") == 401);
    server->stop();
    BOOST_TEST(server->log().find("a wrong password from 198.51.100.9") != std::string::npos, server->log());
}

BOOST_AUTO_TEST_CASE(nobody_else_is_believed_about_his_address) {
    start();
    const auto guess = [&](int number) {
        return HttpClient(server->port(), "")
            .send("GET", "/scheduler", "",
                  {{"Authorization", basic("user" + std::to_string(number) + ":guess")},
                   {"X-Forwarded-For", "198.51.100." + std::to_string(number)}})
            .status;
    };
    for (int i = 0; i < 10; ++i) BOOST_TEST(guess(i) == 401);
    BOOST_TEST(guess(10) == 429);
}

BOOST_AUTO_TEST_CASE(the_last_use_of_a_token_outlives_the_server) {
    start();
    BOOST_TEST(server->client().get("/scheduler").status == 200);
    BOOST_TEST(server->client().get("/api/v1/tokens/1").body.find("\"last_used\":null") != std::string::npos);
    server->stop();
    start();
    BOOST_TEST(server->client().get("/api/v1/tokens/1").body.find("\"last_used\":\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_lost_password_is_set_anew_while_no_server_runs) {
    auto outcome = foliotd(set_password("admin"), "correct horse");
    BOOST_TEST(outcome.status == 1);
    BOOST_TEST(outcome.text.find("there is no database") != std::string::npos, outcome.text);
    start();
    outcome = foliotd(set_password("admin"), "correct horse");
    BOOST_TEST(outcome.status == 1);
    BOOST_TEST(outcome.text.find("stop it first") != std::string::npos, outcome.text);
    server->stop();
    for (const auto& [user, password, named] :
         std::vector<std::array<std::string, 3>>{{"admin", "short", "8 characters"},
                                                 {"ghost", "correct horse", "no user 'ghost'"},
                                                 {"admin", "", "8 char"}}) {
        outcome = foliotd(set_password(user), password);
        BOOST_TEST(outcome.status == 1);
        BOOST_TEST(outcome.text.find(named) != std::string::npos, outcome.text);
    }
    if (::geteuid() == 0) {
        const std::filesystem::path database = dir / "foliot.db";
        BOOST_REQUIRE(::chown(database.c_str(), 1, ::getegid()) == 0);
        outcome = foliotd(set_password("admin"), "correct horse");
        BOOST_TEST(outcome.status == 1);
        BOOST_TEST(outcome.text.find("run this as that one (runuser -u daemon -- foliotd") != std::string::npos,
                   outcome.text);
        BOOST_REQUIRE(::chown(database.c_str(), 0, ::getegid()) == 0);
    }
    outcome = foliotd(set_password("admin"), "correct horse\n");
    BOOST_TEST(outcome.status == 0);
    BOOST_TEST(outcome.text.empty(), outcome.text);
    BOOST_TEST(foliotd("--set-password", "").status == 2);
    start();
    BOOST_TEST(as(basic("admin:correct horse"), "/api/v1/users/me").status == 200);
    const auto logs = server->client().get("/api/v1/logs").body;
    BOOST_TEST(logs.find("password: none -> set") != std::string::npos, logs);
}

BOOST_AUTO_TEST_CASE(without_authentication_everybody_is_an_admin_of_jobs_and_plants_no_credentials) {
    settings.emplace_back("auth.enabled=false");
    start();
    HttpClient client(server->port(), "");
    BOOST_TEST(client.get("/api/v1/users").status == 200);
    BOOST_TEST(client.get("/api/v1/users/me").status == 404);
    const auto refused = [&](const char* method, const char* path, const char* body) {
        const auto reply = client.send(method, path, body);
        BOOST_TEST(reply.status == 403, method << " " << path << ": " << reply.body);
        BOOST_TEST(reply.body.find("needs auth.enabled = true") != std::string::npos, reply.body);
    };
    refused("POST", "/api/v1/users", R"({"name":"ann"})");
    refused("PATCH", "/api/v1/users/1", R"({"password":"correct horse"})");
    refused("PATCH", "/api/v1/users/me", "{}");
    refused("DELETE", "/api/v1/users/1", "");
    refused("POST", "/api/v1/groups", R"({"name":"x","role":"admin"})");
    refused("PATCH", "/api/v1/groups/1", R"({"role":"admin"})");
    refused("DELETE", "/api/v1/groups/1", "");
    refused("POST", "/api/v1/tokens", R"({"name":"x","scope":"admin","user":1})");
    refused("DELETE", "/api/v1/tokens/1", "");
    refused("DELETE", "/api/v1/tokens?user=1", "");
    BOOST_TEST(
        client.post("/scheduler/jobs", R"({"id":"a","func":"sample:hello","trigger":"interval","weeks":1})").status ==
        200);
    const auto logs = client.get("/api/v1/logs").body;
    BOOST_TEST(logs.find("\"user\": \"anonymous\"") != std::string::npos, logs);
    settings.clear();
    server->stop();
    start();
    BOOST_TEST(as(basic("admin:correct horse"), "/api/v1/users/me").status == 401);
    BOOST_TEST(server->client().get("/api/v1/users/me").status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace foliot::testing
