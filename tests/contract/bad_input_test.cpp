// Every field of every body with every kind of wrong value: a clear refusal that names the field, and nothing changed.
#include "contract/openapi.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <regex>

namespace foliot::testing {
namespace {

using json::Kind;
using json::Value;

/// Values of all kinds: each is wrong for some fields.
std::vector<std::string> values() {
    return {"null",
            "true",
            "false",
            "0",
            "1",
            "-1",
            "1.5",
            "1e300",
            "99999999999999999999",
            "9223372036854775807",
            R"("")",
            R"("text")",
            R"("\u0001\n")",
            R"("\ud83d\ude80 \u00e9\u4e2d")",
            R"("<script>alert(1)</script>")",
            R"("' OR 1=1; --")",
            "[]",
            "[1]",
            R"([["deep"]])",
            "{}",
            R"({"a":1})",
            '"' + std::string(10'000, 'x') + '"',
            '[' + std::string(300'000, ' ') + "0]"};
}

/// The example's members with one of them replaced, or left out when there is no value.
std::string with_member(const Value& example, const std::string& name, const std::string* value) {
    json::Writer writer;
    writer.begin_object();
    for (const auto& [member, given] : example.members) {
        if (member != name) writer.raw_field(member, given.raw);
    }
    if (value != nullptr) writer.raw_field(name, *value);
    return writer.end_object().take();
}

struct BadInput {
    TempDir dir;
    ServerProcess server{{dir.path(), {"http.max_body=524288"}}};
    HttpClient client = server.client();
    OpenApi openapi{client.get("/openapi.json").body};

    /// What edits are tried on, and how it is made whole again.
    struct Kept {
        std::string path, method, mend;
    };
    std::vector<Kept> kept;

    BadInput() {
        keep("/scheduler/jobs", R"({"id":"kept","func":"tasks:ok","trigger":"interval","weeks":9})");
        kept.push_back({"/scheduler/jobs/kept", "POST", ""});
        const auto user = keep("/api/v1/users", R"({"name":"kept"})");
        kept.push_back({user, "PATCH", R"({"name":"kept","email":null,"active":true,"password":null,"groups":[]})"});
        const auto group = keep("/api/v1/groups", R"({"name":"kept","role":"viewer"})");
        kept.push_back({group, "PATCH", R"({"name":"kept","role":"viewer"})"});
        kept.push_back({"/api/v1/users/me", "PATCH", R"({"email":null})"});
    }
    /// Makes it; its path.
    std::string keep(const std::string& folder, const std::string& body) {
        const auto reply = client.post(folder, body);
        BOOST_REQUIRE_MESSAGE(reply.status < 300, reply.body);
        return folder + "/" + std::string(json::parse(reply.body).find("id")->raw);
    }

    /// All that a request could change.
    std::string state() {
        std::string all;
        for (const auto& operation : openapi.operations()) {
            const bool list = operation.method == "GET" && operation.role != "anonymous" &&
                              operation.path.find('{') == std::string::npos;
            if (list) all += client.get(operation.path).body + "\n";
        }
        static const std::regex uses(R"re("last_used":("[^"]*"|null))re");  // written each minute
        return std::regex_replace(all, uses, "");
    }
    std::string path_of(const OpenApi::Operation& operation) const {
        const std::string folder = operation.path.substr(0, operation.path.find("/{"));
        for (const Kept& one : kept) {
            if (operation.path != folder && one.path.starts_with(folder + "/")) return one.path;
        }
        return operation.path;
    }
    void undo(const std::string& path, const Reply& reply) {
        const auto mended = std::find_if(kept.begin(), kept.end(), [&](const Kept& one) { return one.path == path; });
        if (mended == kept.end()) {  // it was made
            const Value made = json::parse(reply.body);
            const Value* id = made.find("id");
            if (id != nullptr)
                client.send("DELETE", path + "/" + in_path(id->is(Kind::string) ? id->string : std::string(id->raw)));
        } else if (mended->method == "PATCH") {
            BOOST_REQUIRE_EQUAL(client.send("PATCH", path, mended->mend).status, 200);
        } else {
            client.send("DELETE", path);
            keep("/scheduler/jobs", R"({"id":"kept","func":"tasks:ok","trigger":"interval","weeks":9})");
        }
    }
    static std::string in_path(const std::string& text) {
        std::string encoded;
        for (const char c : text) {
            std::array<char, 4> hex{};
            std::snprintf(hex.data(), hex.size(), "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
            encoded += hex.data();
        }
        return encoded;
    }
    static std::string said(const Reply& reply) {
        const Value answer = json::parse(reply.body);
        return answer.is(Kind::object) && answer.members.size() == 1 ? answer.members.at(0).value.string : "";
    }

    void check_refusal(const OpenApi::Operation& operation, const std::string& field, const std::string& body,
                       const Reply& reply) {
        BOOST_TEST(reply.status >= 400, body.substr(0, 300) << " was taken");
        const std::string problem = openapi.problem_of_answer(operation, reply);
        BOOST_TEST(problem.empty(), problem);
        const std::string text = said(reply);
        BOOST_TEST(text.find("nternal error") == std::string::npos, text);
        const bool member_named = body.find(R"({"a":1})") != std::string::npos && text.starts_with("field 'a'");
        BOOST_TEST((text.find(field) != std::string::npos || member_named || reply.status == 413),
                   "'" << field << "' is not named: " << text);
        BOOST_TEST(text.size() < 1'000U, "the refusal repeats what is too long");
    }
};

/// A body that an operation takes.
struct Body {
    const OpenApi::Operation& operation;
    const Value& schema;
    const Value& example;
};

/// Those that are an object with an example; what a route does with other bodies is in its own cases.
std::vector<Body> bodies(const OpenApi& openapi) {
    std::vector<Body> found;
    for (const auto& operation : openapi.operations()) {
        if (operation.body() == nullptr) continue;
        const Value& schema = openapi.resolved(*operation.body());
        if (const Value* examples = schema.find("examples"))
            found.push_back({operation, schema, examples->items.at(0)});
    }
    BOOST_REQUIRE(found.size() > 5U);
    return found;
}

/// act(name, schema of the field, value): every field of the body with every value.
template <class Act>
void each_value(const Body& body, const Act& act) {
    for (const auto& [name, field] : body.schema.find("properties")->members) {
        for (const std::string& value : values()) act(name, field, value);
    }
}

BOOST_FIXTURE_TEST_SUITE(bad_input, BadInput)

BOOST_AUTO_TEST_CASE(a_value_that_the_schema_does_not_allow_is_refused_by_the_name_of_its_field) {
    int refused = 0, taken = 0;
    for (const Body& one : bodies(openapi)) {
        const std::string path = path_of(one.operation);
        each_value(one, [&](const std::string& name, const Value& field, const std::string& value) {
            BOOST_TEST_CONTEXT(one.operation.method << " " << path << " " << name << ": " << value.substr(0, 40)) {
                const std::string body = with_member(one.example, name, &value);
                const bool allowed = openapi.violation(field, json::parse(value)).empty();
                const Reply reply = client.send(one.operation.method, path, body);
                if (!allowed || reply.status >= 300) check_refusal(one.operation, name, body, reply);
                ++(reply.status < 300 ? taken : refused);
                if (reply.status < 300) undo(path, reply);
            }
        });
    }
    BOOST_TEST_MESSAGE(refused << " refused, " << taken << " taken");
    BOOST_TEST(refused > 500);
}

BOOST_AUTO_TEST_CASE(what_is_refused_changes_nothing) {
    const std::string before = state();
    for (const Body& one : bodies(openapi)) {
        const auto& [method, path] = std::pair(one.operation.method, path_of(one.operation));
        each_value(one, [&](const std::string& name, const Value& field, const std::string& value) {
            if (openapi.violation(field, json::parse(value)).empty()) return;
            client.send(method, path, with_member(one.example, name, &value));
        });
        const std::string unknown = with_member(one.example, "no_such_field", &values().at(1));
        check_refusal(one.operation, "no_such_field", unknown, client.send(method, path, unknown));
    }
    BOOST_TEST(state() == before);
}

BOOST_AUTO_TEST_CASE(a_body_without_a_field_that_must_be_there_is_refused) {
    const std::string before = state();
    for (const Body& one : bodies(openapi)) {
        for (const Value& name : one.schema.find("required")->items) {
            const std::string body = with_member(one.example, name.string, nullptr);
            check_refusal(one.operation, name.string, body,
                          client.send(one.operation.method, path_of(one.operation), body));
        }
    }
    BOOST_TEST(state() == before);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_object_is_refused) {
    const std::string before = state();
    const std::array texts{
        "",   "{", "null", "[]", "1", "\"text\"", "{}}", "{\"a\":1,}", "\xff", "{\"a\":\"\\ud800\"}", "{\"\\u0000\":1}",
        "NaN"};
    for (const Body& one : bodies(openapi)) {
        const OpenApi::Operation& operation = one.operation;
        for (const char* text : texts) {
            BOOST_TEST_CONTEXT(operation.method << " " << operation.path << ": " << text) {
                const Reply reply = client.send(operation.method, path_of(operation), text);
                check_refusal(operation, "", text, reply);
                BOOST_TEST(!said(reply).empty());
            }
        }
    }
    BOOST_TEST(state() == before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
