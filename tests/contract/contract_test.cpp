#include "base/clock.hpp"
#include "base/fd.hpp"
#include "contract/case_file.hpp"
#include "contract/openapi.hpp"
#include "contract/users.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>

using namespace foliot;
using namespace foliot::testing;

namespace {

std::int64_t group_of(const std::string& role) {
    return role == "viewer" ? kViewers : role == "admin" ? kAdmins : kOperators;
}

class Conversation {
  public:
    explicit Conversation(const json::Value& file)
        : tokens_(make_users(file)),
          options_(options(file)),
          server_(std::make_unique<ServerProcess>(options_)),
          openapi_(server_->client().get("/openapi.json").body) {
        saved_["token"] = server_->token();
    }

    void hold(const json::Value& given) {
        if (const json::Value* again = given.find("server")) start_again(again->string);
        const std::string text = fill_in(std::string(given.raw), saved_);
        const json::Value exchange = json::parse(text);
        const json::Value* name = exchange.find("name");
        BOOST_TEST_CONTEXT((name != nullptr ? name->string : std::string(exchange.raw.substr(0, 200)))) {
            std::string problem;
            Reply reply;
            const json::Value* until = exchange.find("until");
            const bool patient = until != nullptr && until->boolean;
            wait_until([&] {
                reply = send(exchange);
                problem = compare(exchange, reply);
                if (problem.empty()) problem = described(exchange, reply);
                return problem.empty() || !patient;
            });
            BOOST_CHECK_MESSAGE(problem.empty(), problem);
            if (problem.empty()) save(exchange, reply, saved_);
        }
    }

  private:
    void start_again(const std::string& how) {
        if (how == "kill")
            server_->kill_hard();
        else
            BOOST_TEST(how == "restart");
        server_.reset();
        server_ = std::make_unique<ServerProcess>(options_);
    }

    ServerProcess::Options options(const json::Value& file) const {
        ServerProcess::Options options;
        options.data_dir = folder_.path();
        if (const json::Value* settings = file.find("settings")) {
            for (const auto& setting : settings->items) options.settings.push_back(setting.string);
        }
        return options;
    }

    /// Their tokens by name.
    std::map<std::string, std::string> make_users(const json::Value& file) const {
        std::map<std::string, std::string> tokens;
        const json::Value* users = file.find("users");
        if (users == nullptr) return tokens;
        const SystemClock clock;
        const auto store = store::open_sqlite({folder_ / "foliot.db"}, clock);
        for (const auto& [name, role] : users->members) {
            tokens[name] = make_user(*store, name, group_of(role.string));
        }
        return tokens;
    }

    /// "" when /openapi.json says that there is such an answer.
    std::string described(const json::Value& exchange, const Reply& reply) const {
        const std::string& method = exchange.find("method")->string;
        const auto* operation = openapi_.find(method, exchange.find("path")->string);
        const bool preflight = method == "OPTIONS" && exchange.find("allow") != nullptr;
        if (operation == nullptr || method == "HEAD" || preflight) return "";
        const json::Value* body = exchange.find("body");
        const bool taken = body != nullptr && operation->body() != nullptr && reply.status < 300;
        std::string problem = taken ? openapi_.violation(*operation->body(), *body, "body") : "";
        return problem.empty() ? openapi_.problem_of_answer(*operation, reply) : problem;
    }

    std::string token_for(const json::Value& exchange) const {
        const json::Value* auth = exchange.find("auth");
        if (exchange.find("basic") != nullptr || (auth != nullptr && !auth->boolean)) return "";
        if (const json::Value* token = exchange.find("as_token")) return token->string;
        const json::Value* as = exchange.find("as");
        return as != nullptr ? tokens_.at(as->string) : server_->token();
    }

    Reply send(const json::Value& exchange) {
        if (const json::Value* raw = exchange.find("raw")) {
            const bool head = exchange.find("method")->string == "HEAD";
            return send_raw(server_->port(), raw->string, !head);
        }
        HttpClient client(server_->port(), token_for(exchange));
        std::string body;
        if (const json::Value* value = exchange.find("body")) body = std::string(value->raw);
        if (const json::Value* value = exchange.find("raw_body")) body = value->string;
        HttpClient::Headers headers;
        if (const json::Value* given = exchange.find("header")) {
            for (const auto& [name, value] : given->members) headers.emplace_back(name, value.string);
        }
        if (const json::Value* pair = exchange.find("basic"))
            headers.emplace_back("Authorization", basic(pair->string));
        return client.send(exchange.find("method")->string, exchange.find("path")->string, body, headers);
    }

    TempDir folder_;
    std::map<std::string, std::string> tokens_;
    ServerProcess::Options options_;
    std::unique_ptr<ServerProcess> server_;
    OpenApi openapi_;
    Saved saved_;
};

}  // namespace

BOOST_DATA_TEST_CASE(a_server_answers_as_its_contract_says, boost::unit_test::data::make(case_files()), path) {
    BOOST_TEST_MESSAGE(path.filename().string());
    const std::string text = read_file(path.string());
    const json::Value file = json::parse(text);
    Conversation conversation(file);
    for (const json::Value& exchange : file.find("exchanges")->items) conversation.hold(exchange);
}
