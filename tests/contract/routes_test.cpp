// The table of routes as /openapi.json shows it: who may do what, that it is kept, and that a case tries each route.
#include "base/clock.hpp"
#include "base/fd.hpp"
#include "contract/case_file.hpp"
#include "contract/openapi.hpp"
#include "contract/users.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <set>

namespace foliot::testing {
namespace {

constexpr std::array<std::string_view, 4> kRoles{"anonymous", "viewer", "operator", "admin"};
constexpr std::array<std::string_view, 4> kScopes{"read", "run", "write", "admin"};

template <class Words>
int rank(const Words& words, const std::string& word) {
    const auto found = std::find(words.begin(), words.end(), word);
    BOOST_REQUIRE_MESSAGE(found != words.end(), "there is no '" << word << "'");
    return static_cast<int>(found - words.begin());
}

struct Served {
    struct Credentials {
        int role = 0, scope = 0;
        std::string token;
    };

    TempDir dir;
    std::vector<Credentials> all{{0, 0, ""}};
    std::optional<ServerProcess> server;
    std::optional<OpenApi> openapi;

    Served() {
        {
            const SystemClock clock;
            const auto store = store::open_sqlite({dir / "foliot.db"}, clock);
            for (int role = 1; role < 4; ++role) {
                for (int scope = 0; scope < 4; ++scope) {
                    const auto name = std::string(kRoles.at(static_cast<std::size_t>(role))) + std::to_string(scope);
                    all.push_back({role, scope, make_user(*store, name, role, static_cast<Scope>(scope))});
                }
            }
        }
        server.emplace(ServerProcess::Options{dir.path(), {}});
        openapi.emplace(server->client().get("/openapi.json").body);
    }
    static bool may(const Credentials& who, const OpenApi::Operation& what) {
        return what.role == "anonymous" || what.role == "guest" ||
               (who.role >= rank(kRoles, what.role) && who.scope >= rank(kScopes, what.scope));
    }
    static std::string filled(std::string path) {
        for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
            path.replace(open, path.find('}') - open + 1, "nothing");
        return path;
    }
    Reply attempt(const Credentials& who, const OpenApi::Operation& what) const {
        HttpClient client(server->port(), who.token);
        return client.send(what.method, filled(what.path), what.body() == nullptr ? "" : "{}");
    }
};

BOOST_FIXTURE_TEST_SUITE(routes, Served)

BOOST_AUTO_TEST_CASE(each_route_is_open_to_those_that_the_list_names) {
    std::string list;
    for (const auto& operation : openapi->operations())
        list += operation.method + " " + operation.path + " " + operation.role + " " + operation.scope + "\n";
    BOOST_TEST(list == read_file(FOLIOT_SOURCE_DIR "/tests/contract/routes.txt"));
}

BOOST_AUTO_TEST_CASE(each_route_is_closed_to_all_who_lack_the_role_or_the_scope) {
    for (const auto& operation : openapi->operations()) {
        for (const Credentials& who : all) {
            const Reply reply = attempt(who, operation);
            const int refused = who.role == 0 ? 401 : 403;
            const bool let_in = reply.status != 401 && reply.status != 403;
            BOOST_TEST(let_in == may(who, operation),
                       operation.method << " " << operation.path << " as "
                                        << kRoles.at(static_cast<std::size_t>(who.role)) << " with scope "
                                        << kScopes.at(static_cast<std::size_t>(who.scope)) << ": " << reply.status
                                        << " " << reply.body);
            if (!let_in) BOOST_TEST(reply.status == refused, reply.body);
            const std::string problem = openapi->problem_of_answer(operation, reply);
            BOOST_TEST(problem.empty(), problem);
        }
    }
}

BOOST_AUTO_TEST_CASE(wrong_credentials_are_refused_where_none_are_needed_but_by_probes_and_logins) {
    HttpClient stranger(server->port(), "nobody's");
    int guests = 0;
    for (const auto& operation : openapi->operations()) {
        const json::Value* security = operation.value->find("security");
        const bool optional = security != nullptr && !security->items.empty();
        BOOST_TEST(optional == (operation.role == "guest"), operation.path);
        if (!optional) continue;
        ++guests;
        BOOST_TEST(security->items.at(0).members.empty());
        const Reply reply = stranger.send(operation.method, filled(operation.path));
        BOOST_TEST(reply.status == 401, operation.path);
        const std::string problem = openapi->problem_of_answer(operation, reply);
        BOOST_TEST(problem.empty(), problem);
    }
    BOOST_TEST(guests == 4);
}

BOOST_AUTO_TEST_CASE(options_names_the_methods_of_each_path_and_a_slash_at_its_end_changes_nothing) {
    HttpClient client(server->port(), all.back().token);
    for (const auto& operation : openapi->operations()) {
        const bool means_more = openapi->find("OPTIONS", operation.path) != nullptr;  // it resumes a job
        for (const char* slash : {"", "/"}) {
            if (means_more) continue;
            const Reply reply = client.send("OPTIONS", filled(operation.path) + slash);
            BOOST_TEST(reply.status == 200);
            BOOST_TEST(reply.headers.at("allow").find(operation.method) != std::string::npos,
                       operation.method << " " << operation.path << slash << ": Allow: " << reply.headers.at("allow"));
            if (operation.method != "GET") continue;
            const Reply got = client.get(filled(operation.path) + slash);
            BOOST_TEST(got.status == client.get(filled(operation.path)).status, operation.path << slash);
        }
    }
}

BOOST_AUTO_TEST_CASE(head_answers_as_get_does_without_a_body) {
    HttpClient client(server->port(), all.back().token);
    for (const auto& operation : openapi->operations()) {
        if (operation.method != "GET") continue;
        const Reply got = client.get(filled(operation.path)), head = client.send("HEAD", filled(operation.path));
        BOOST_TEST_CONTEXT(operation.path) {
            BOOST_TEST(head.status == got.status);
            BOOST_TEST(head.body.empty());
            for (const char* name : {"content-type", "content-length", "transfer-encoding"}) {
                BOOST_REQUIRE(head.headers.count(name) == got.headers.count(name));
                if (!head.headers.contains(name)) continue;
                // Numbers that grow with time get more digits.
                if (operation.path == "/metrics" && std::string_view(name) == "content-length") continue;
                BOOST_TEST(head.headers.at(name) == got.headers.at(name));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_case_succeeds_with_each_route) {
    std::set<std::string> tried{"POST /api/v1/scheduler/clock/accept"};  // needs a wrong clock: tests/engine
    for (const auto& path : case_files()) {
        const std::string text = read_file(path.string());
        const json::Value file = json::parse(text);
        for (const json::Value& exchange : file.find("exchanges")->items) {
            if (exchange.find("status")->integer >= 400) continue;
            const auto* operation = openapi->find(exchange.find("method")->string, exchange.find("path")->string);
            if (operation != nullptr) tried.insert(operation->method + " " + operation->path);
        }
    }
    for (const auto& operation : openapi->operations())
        BOOST_TEST(tried.contains(operation.method + " " + operation.path),
                   "no case succeeds with " << operation.method << " " << operation.path);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
