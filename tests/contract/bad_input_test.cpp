// Every field of every body with every kind of wrong value: a clear refusal that names the field, and nothing changed.
#include "contract/openapi.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <optional>
#include <regex>
#include <set>

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

/// The object's members with one of them replaced, or left out when there is no value.
std::string with_member(const Value& object, const std::string& name, const std::string* value) {
    json::Writer writer;
    writer.begin_object();
    for (const auto& [member, given] : object.members) {
        if (member != name) writer.raw_field(member, given.raw);
    }
    if (value != nullptr) writer.raw_field(name, *value);
    return writer.end_object().take();
}

/// Where a field stands: in the body, or in the object that is its trigger.
struct Place {
    std::string name;
    bool in_trigger = false;
};

std::string with_field(const Value& example, const Place& place, const std::string& value) {
    if (!place.in_trigger) return with_member(example, place.name, &value);
    const std::string trigger = with_member(*example.find("trigger"), place.name, &value);
    return with_member(example, "trigger", &trigger);
}

std::vector<Place> places(const Value& example) {
    std::vector<Place> found;
    for (const auto& [name, value] : example.members) {
        found.push_back({name});
        if (name != "trigger" || !value.is(Kind::object)) continue;
        for (const auto& [inner, ignored] : value.members) found.push_back({inner, true});
    }
    return found;
}

/// A body that an operation takes.
struct Body {
    const OpenApi::Operation& operation;
    const Value& schema;
    const Value& example;
};

std::vector<const Value*> choices(const OpenApi& openapi, const Value& given) {
    const Value& schema = openapi.resolved(given);
    const Value* several = schema.find("anyOf");
    if (several == nullptr) return {&schema};
    std::vector<const Value*> found;
    for (const Value& one : several->items) found.push_back(&openapi.resolved(one));
    return found;
}

/// Those that are an object, with each of their examples; what a route does with other bodies is in its own cases.
std::vector<Body> bodies(const OpenApi& openapi) {
    std::vector<Body> found;
    for (const auto& operation : openapi.operations()) {
        if (operation.body() == nullptr) continue;
        for (const Value* schema : choices(openapi, *operation.body())) {
            const Value* examples = schema->find("examples");
            if (examples == nullptr) continue;
            for (const Value& example : examples->items) found.push_back({operation, *schema, example});
        }
    }
    BOOST_REQUIRE(found.size() > 12U);
    return found;
}

struct BadInput {
    TempDir dir;
    ServerProcess server{{dir.path(), {"http.max_body=524288"}}};
    HttpClient client = server.client();
    OpenApi openapi{client.get("/openapi.json").body};

    /// What edits are tried on, and what makes it: the path is the folder's with its id.
    struct Kept {
        std::string path, folder, body;
    };
    std::vector<Kept> kept;

    BadInput() {
        for (const char* hold :
             {"/scheduler/pause", "/api/v1/scheduler/drain"})  // what is taken by the way starts nothing
            BOOST_REQUIRE(client.post(hold).status < 300);
        keep("/scheduler/jobs", R"({"id":"kept-weekly","func":"tasks:ok","trigger":"interval","weeks":9})");
        keep("/scheduler/jobs", R"({"id":"kept-daily","func":"tasks:ok","trigger":"cron","hour":5})");
        keep("/scheduler/jobs", R"({"id":"kept-once","func":"tasks:ok","trigger":"date","run_date":"2099-01-01"})");
        keep("/api/v1/jobs", R"({"job_id":"cleanup","name":"kept","job_class_string":"tasks.any","minute":"5"})");
        kept.push_back({"/api/v1/executions/cleanup", "/api/v1/executions", R"({"job_id":"cleanup"})"});
        keep("/schedules", R"({"name":"kept","once":false,"config":{"period":60}})");
        keep("/api/v1/schedules", R"({"name":"kept","once":false,"config":{"period":60}})");
        keep("/api/v1/users", R"({"name":"kept","email":null,"active":true,"password":null,"groups":[]})");
        keep("/api/v1/groups", R"({"name":"kept","role":"viewer"})");
        keep("/api/v1/schedule", R"({"endpoint":"http://kept.example","cron_definition":"5 4 * * *","enabled":false})");
        keep("/api/v1/webhook", R"({"event":"execution.missed","target":"http://127.0.0.1:9/"})");
    }
    void keep(const std::string& folder, const std::string& body) {
        const auto reply = client.post(folder, body);
        BOOST_REQUIRE_MESSAGE(reply.status < 300, reply.body);
        kept.push_back({folder + "/" + id_in(reply), folder, body});
    }
    static std::string id_in(const Reply& reply) {
        const Value made = json::parse(reply.body);
        const Value* id = made.find("id");
        if (id == nullptr) id = made.find("job_id");
        if (id == nullptr) return "";
        return in_path(id->is(Kind::string) ? id->string : std::string(id->raw));
    }

    /// All that a request could change.
    std::string state() {
        std::string all;
        for (const auto& operation : openapi.operations()) {
            const bool of_now =
                operation.path == "/api/v1/server" || operation.path == "/metrics";  // time changes them
            const bool list = operation.method == "GET" && operation.role != "anonymous" &&
                              operation.path.find('{') == std::string::npos && !of_now;
            if (list) all += client.get(operation.path).body + "\n";
        }
        static const std::regex uses(R"re("last_used":("[^"]*"|null))re");  // written each minute
        return std::regex_replace(all, uses, "");
    }
    /// The paths that an operation can be tried at: what was kept for it, else its own.
    std::vector<std::string> paths_of(const OpenApi::Operation& operation) const {
        const auto brace = operation.path.find("/{");
        if (brace == std::string::npos) return {operation.path};
        std::vector<std::string> paths;
        for (const Kept& one : kept) {
            if (operation.path.substr(0, brace) == one.folder) paths.push_back(one.path);
        }
        return paths;
    }
    /// Makes it as if a request had not been taken.
    void undo(const std::string& path, const Reply& reply) {
        const std::string made = id_in(reply);
        const std::string named = path.substr(path.rfind('/')) + "/" + made;  // by the body of an edit
        const auto one = std::find_if(kept.begin(), kept.end(),
                                      [&](const Kept& k) { return k.path == path || k.path.ends_with(named); });
        if (one == kept.end()) {
            if (!made.empty()) client.send("DELETE", path + "/" + made);
            return;
        }
        for (const char* method : {"PATCH", "PUT"}) {  // those that a number names
            if (one->folder == "/api/v1/jobs") break;  // PUT leaves what is not given
            if (client.send(method, one->path, one->body).status == 200) return;
        }
        client.send("DELETE", path);
        BOOST_REQUIRE(client.post(one->folder, one->body).status < 300);
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
        const Value* text = answer.find("msg");  // with a code
        if (text == nullptr && answer.is(Kind::object) && answer.members.size() == 1)
            text = &answer.members.at(0).value;
        if (text != nullptr && text->is(Kind::string)) return text->string;
        return reply.body;  // a list of texts for each field
    }

    /// Where a body's example is taken, and undone again.
    std::optional<std::string> taken_at(const Body& body) {
        for (const std::string& path : paths_of(body.operation)) {
            const Reply reply = client.send(body.operation.method, path, std::string(body.example.raw));
            if (reply.status >= 300) continue;
            undo(path, reply);
            return path;
        }
        return std::nullopt;
    }
    void check_refusal(const OpenApi::Operation& operation, const std::string& field, const std::string& body,
                       const Reply& reply) {
        BOOST_TEST(reply.status >= 400, body.substr(0, 300) << " was taken");
        const std::string problem = openapi.problem_of_answer(operation, reply);
        BOOST_TEST(problem.empty(), problem);
        const std::string text = said(reply);
        BOOST_TEST(text.find("nternal error") == std::string::npos, text);
        const bool other_name = field == "schedule_id" && text.starts_with("field 'schedule': there is no");
        const bool member_named = other_name || text.starts_with("argument '") || text.starts_with("Job not found: ") ||
                                  (body.find(R"({"a":1})") != std::string::npos && text.starts_with("field 'a'"));
        BOOST_TEST(
            (text.find(field) != std::string::npos || member_named || reply.status == 413 || reply.status == 404),
            "'" << field << "' is not named: " << text);
        BOOST_TEST(text.size() < 1'000U, "the refusal repeats what is too long");
    }
};

/// What depends on who asks, so that no example can be taken by all: tests/contract/cases/users.json.
bool is_own(const Body& body) { return body.operation.path.ends_with("/me"); }

BOOST_FIXTURE_TEST_SUITE(bad_input, BadInput)

BOOST_AUTO_TEST_CASE(each_field_of_each_body_stands_in_an_example_that_is_taken) {
    std::map<std::string, std::set<std::string>> shown, known;
    for (const Body& one : bodies(openapi)) {
        if (is_own(one)) continue;
        const std::string operation = one.operation.method + " " + one.operation.path;
        for (const auto& [name, field] : one.schema.find("properties")->members) known[operation].insert(name);
        for (const Place& place : places(one.example)) shown[operation].insert(place.name);
        BOOST_TEST(openapi.violation(one.schema, one.example).empty(), one.example.raw);
        BOOST_TEST(taken_at(one).has_value(), operation << " takes not its example " << one.example.raw);
    }
    for (const auto& [operation, names] : known) {
        for (const std::string& name : names) {  // an edit takes the fields of a new job, each told there
            if (!shown[operation].contains(name) && !shown["POST /scheduler/jobs"].contains(name))
                BOOST_ERROR(operation << ": no example has '" << name << "'");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_value_that_does_not_fit_is_refused_by_the_name_of_its_field_and_changes_nothing) {
    std::size_t refusals = 0, taken = 0;
    for (const Body& one : bodies(openapi)) {
        const std::string path = is_own(one) ? one.operation.path : taken_at(one).value();
        std::vector<std::string> refused;
        for (const Place& place : places(one.example)) {
            const Value* field = one.schema.find("properties")->find(place.name);
            for (const std::string& value : values()) {
                const bool allowed = field == nullptr || openapi.violation(*field, json::parse(value)).empty();
                if (allowed && place.name == "current_password") continue;  // guesses, which are throttled
                BOOST_TEST_CONTEXT(one.operation.method << " " << path << " " << place.name << ": "
                                                        << value.substr(0, 40)) {
                    const std::string body = with_field(one.example, place, value);
                    const Reply reply = client.send(one.operation.method, path, body);
                    if (!allowed || reply.status >= 300) check_refusal(one.operation, place.name, body, reply);
                    if (reply.status >= 300) refused.push_back(body);
                    if (reply.status < 300) undo(path, reply), ++taken;
                }
            }
        }
        const std::string before = state();
        for (const std::string& body : refused) BOOST_TEST(client.send(one.operation.method, path, body).status >= 400);
        BOOST_TEST(state() == before);
        refusals += refused.size();
    }
    BOOST_TEST_MESSAGE(refusals << " refused, " << taken << " taken");
    BOOST_TEST(refusals > 1'000U);
}

BOOST_AUTO_TEST_CASE(an_unknown_field_is_refused_by_its_name) {
    const std::string before = state();
    for (const Body& one : bodies(openapi)) {
        if (one.schema.find("additionalProperties")->boolean) continue;  // the original takes them
        const std::string body = with_field(one.example, {"no_such_field"}, "1");
        for (const std::string& path : paths_of(one.operation))
            check_refusal(one.operation, "no_such_field", body, client.send(one.operation.method, path, body));
    }
    BOOST_TEST(state() == before);
}

BOOST_AUTO_TEST_CASE(a_body_without_a_field_that_must_be_there_is_refused) {
    const std::string before = state();
    for (const Body& one : bodies(openapi)) {
        for (const Value& name : one.schema.find("required")->items) {
            const std::string body = with_member(one.example, name.string, nullptr);
            for (const std::string& path : paths_of(one.operation))
                check_refusal(one.operation, name.string, body, client.send(one.operation.method, path, body));
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
        const bool required = operation.value->find("requestBody")->find("required")->boolean;
        for (const char* text : texts) {
            if (*text == '\0' && !required) continue;
            BOOST_TEST_CONTEXT(operation.method << " " << operation.path << ": " << text) {
                const Reply reply = client.send(operation.method, paths_of(operation).at(0), text);
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
