// Every field of every body with every kind of wrong value: a clear refusal that names the field, and nothing changed.
#include "contract/openapi.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <limits>

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

    BadInput() { make_kept(); }
    void make_kept() {
        const auto reply = client.post("/scheduler/jobs", R"({"id":"kept","func":"tasks:ok","trigger":"interval",)"
                                                          R"("weeks":9,"replace_existing":true})");
        BOOST_REQUIRE_EQUAL(reply.status, 200);
    }

    /// All that a request could change.
    std::string state() {
        std::string all;
        for (const auto& operation : openapi.operations()) {
            const bool list = operation.method == "GET" && operation.role != "anonymous" &&
                              operation.path.find('{') == std::string::npos;
            if (list) all += client.get(operation.path).body + "\n";
        }
        return all;
    }
    std::string path_of(const OpenApi::Operation& operation) const {
        std::string path = operation.path;
        for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
            path.replace(open, path.find('}') - open + 1, "kept");
        return path;
    }
    void undo(const std::string& body) {
        const Value sent = json::parse(body);
        const Value* id = sent.find("id");
        if (id != nullptr && id->is(Kind::string)) client.send("DELETE", "/scheduler/jobs/" + id->string);
        make_kept();
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

/// Those that take an object with an example; what a route does with other bodies is in its own cases.
bool is_walkable(const OpenApi& openapi, const OpenApi::Operation& operation) {
    return operation.body() != nullptr && openapi.resolved(*operation.body()).find("examples") != nullptr;
}

BOOST_FIXTURE_TEST_SUITE(bad_input, BadInput)

BOOST_AUTO_TEST_CASE(a_value_that_the_schema_does_not_allow_is_refused_by_the_name_of_its_field) {
    const std::string before = state();
    int refused = 0, taken = 0;
    for (const auto& operation : openapi.operations()) {
        if (!is_walkable(openapi, operation)) continue;
        const Value& schema = openapi.resolved(*operation.body());
        const Value& example = schema.find("examples")->items.at(0);
        for (const auto& [name, field] : schema.find("properties")->members) {
            for (const std::string& value : values()) {
                BOOST_TEST_CONTEXT(operation.method << " " << operation.path << " " << name << ": "
                                                    << value.substr(0, 40)) {
                    const std::string body = with_member(example, name, &value);
                    const bool allowed = openapi.violation(field, json::parse(value)).empty();
                    const Reply reply = client.send(operation.method, path_of(operation), body);
                    if (!allowed || reply.status >= 300) check_refusal(operation, name, body, reply);
                    ++(reply.status < 300 ? taken : refused);
                    if (reply.status < 300) undo(body);
                }
            }
        }
    }
    BOOST_TEST_MESSAGE(refused << " refused, " << taken << " taken");
    BOOST_TEST(refused > 500);
}

BOOST_AUTO_TEST_CASE(what_is_refused_changes_nothing) {
    const std::string before = state();
    for (const auto& operation : openapi.operations()) {
        if (!is_walkable(openapi, operation)) continue;
        const Value& schema = openapi.resolved(*operation.body());
        const Value& example = schema.find("examples")->items.at(0);
        for (const auto& [name, field] : schema.find("properties")->members) {
            for (const std::string& value : values()) {
                if (openapi.violation(field, json::parse(value)).empty()) continue;
                client.send(operation.method, path_of(operation), with_member(example, name, &value));
            }
        }
        const std::string unknown = with_member(example, "no_such_field", &values().at(1));
        check_refusal(operation, "no_such_field", unknown, client.send(operation.method, path_of(operation), unknown));
    }
    BOOST_TEST(state() == before);
}

BOOST_AUTO_TEST_CASE(a_body_without_a_field_that_must_be_there_is_refused) {
    const std::string before = state();
    for (const auto& operation : openapi.operations()) {
        if (!is_walkable(openapi, operation)) continue;
        const Value& schema = openapi.resolved(*operation.body());
        const Value& example = schema.find("examples")->items.at(0);
        for (const Value& name : schema.find("required")->items) {
            const std::string body = with_member(example, name.string, nullptr);
            check_refusal(operation, name.string, body, client.send(operation.method, path_of(operation), body));
        }
    }
    BOOST_TEST(state() == before);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_object_is_refused) {
    const std::string before = state();
    const std::array bodies{
        "",   "{", "null", "[]", "1", "\"text\"", "{}}", "{\"a\":1,}", "\xff", "{\"a\":\"\\ud800\"}", "{\"\\u0000\":1}",
        "NaN"};
    for (const auto& operation : openapi.operations()) {
        if (!is_walkable(openapi, operation)) continue;
        for (const char* body : bodies) {
            BOOST_TEST_CONTEXT(operation.method << " " << operation.path << ": " << body) {
                const Reply reply = client.send(operation.method, path_of(operation), body);
                check_refusal(operation, "", body, reply);
                BOOST_TEST(!said(reply).empty());
            }
        }
    }
    BOOST_TEST(state() == before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing
