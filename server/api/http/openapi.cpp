#include "api/http/openapi.hpp"

#include "api/http/session_cookie.hpp"
#include "base/ascii.hpp"
#include "base/json.hpp"

#include <algorithm>
#include <memory>
#include <span>

namespace foliot::api {
namespace {

std::string_view name_of(Access access) {
    switch (access) {
        case Access::anonymous: return "anonymous";
        case Access::guest: return "guest";
        case Access::viewer: return "viewer";
        case Access::operator_: return "operator";
        case Access::admin: break;
    }
    return "admin";
}

std::string_view words_for(Problem problem) {
    switch (problem) {
        case Problem::malformed: return "The request cannot be read";
        case Problem::invalid: return "A field is missing, unknown or has a value that it must not have";
        case Problem::unauthenticated: return "Valid credentials are needed";
        case Problem::forbidden: return "The credentials do not allow this";
        case Problem::not_found: return "There is no such thing";
        case Problem::conflict: return "It exists already, or something else is in the way";
        case Problem::wrong_state: return "Not now";
        case Problem::too_large: return "Larger than allowed";
        case Problem::throttled: return "Too many wrong passwords";
        case Problem::unavailable: break;
    }
    return "The store cannot be used now; nothing was changed";
}

/// "post_scheduler_jobs_id_run"
std::string operation_id(const Route& route) {
    std::string id = lower(route.method);
    bool gap = true;
    for (const char c : route.pattern) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
            gap = true;
            continue;
        }
        if (gap) id += '_';
        gap = false;
        id += c;
    }
    return id;
}

std::vector<std::string> parameters_of(const std::string& pattern) {
    std::vector<std::string> names;
    for (auto open = pattern.find('{'); open != std::string::npos; open = pattern.find('{', open + 1))
        names.emplace_back(parameter_name(std::string_view(pattern).substr(open, pattern.find('}', open) + 1 - open)));
    return names;
}

/// It knows no parameter that takes the rest of a path.
std::string path_of(std::string pattern) {
    if (const auto dots = pattern.find("...}"); dots != std::string::npos) pattern.erase(dots, 3);
    return pattern;
}

/// The ways in which any such request may be refused.
std::vector<Problem> problems_of(const Route& route) {
    std::vector<Problem> problems = route.operation.problems;
    // A body may be too large even where none is wanted.
    problems.insert(problems.end(), {Problem::malformed, Problem::too_large});
    if (route.access != Access::anonymous) {
        problems.insert(problems.end(), {Problem::unauthenticated, Problem::throttled, Problem::unavailable});
    }
    if (route.access > Access::guest) problems.push_back(Problem::forbidden);
    if (route.pattern.find('{') != std::string::npos) problems.push_back(Problem::not_found);
    if (route.operation.body) problems.push_back(Problem::invalid);
    if (!route.operation.query.empty()) problems.push_back(Problem::invalid);
    return problems;
}

class Document {
  public:
    explicit Document(const Router& router) : router_(router) {}

    std::string write(std::string_view version) {
        writer_.begin_object().field("openapi", "3.1.0");
        writer_.key("info").begin_object();
        writer_.field("title", "Foliot").field("version", version);
        writer_.field("description",
                      "Every operation names the least role and the least scope that credentials need (x-foliot-role, "
                      "x-foliot-scope). Times are UTC unless an offset is written.");
        writer_.key("license").begin_object().field("name", "Apache-2.0").field("identifier", "Apache-2.0");
        writer_.end_object().end_object();
        write_paths();
        write_components();
        return writer_.end_object().take();
    }

  private:
    void write_paths() {
        std::map<std::string, std::vector<const Route*>> paths;
        for (const Route& route : router_.routes()) paths[path_of(route.pattern)].push_back(&route);
        writer_.key("paths").begin_object();
        for (const auto& [pattern, routes] : paths) {
            writer_.key(pattern).begin_object();
            for (const Route* route : routes) write_operation(*route);
            writer_.end_object();
        }
        writer_.end_object();
    }

    void write_operation(const Route& route) {
        const Operation& operation = route.operation;
        const Dialect& dialect = route.dialect != nullptr ? *route.dialect : router_.dialect_of(route.pattern);
        writer_.key(lower(route.method)).begin_object();
        writer_.field("operationId", operation_id(route)).field("summary", route.summary);
        writer_.key("tags").begin_array().value(dialect.name()).end_array();
        writer_.field("x-foliot-role", name_of(route.access)).field("x-foliot-scope", name_of(route.scope));
        write_security_of(route.access);
        write_parameters(route);
        if (operation.body) write_body(operation);
        write_responses(route, dialect);
        writer_.end_object();
    }

    /// Where it is not what is needed everywhere else.
    void write_security_of(Access access) {
        if (access > Access::guest) return;
        writer_.key("security").begin_array();
        if (access == Access::guest) {
            writer_.begin_object().end_object();
            write_schemes();
        }
        writer_.end_array();
    }

    void write_schemes() {
        for (const std::string_view scheme : {"bearer", "token", "basic", "session"})
            writer_.begin_object().key(scheme).begin_array().end_array().end_object();
    }

    void write_parameters(const Route& route) {
        writer_.key("parameters").begin_array();
        for (const std::string& name : parameters_of(route.pattern)) {
            writer_.begin_object().field("name", name).field("in", "path").field("required", true);
            writer_.raw_field("schema", R"({"type":"string"})").end_object();
        }
        for (const QueryParameter& parameter : route.operation.query) {
            writer_.begin_object().field("name", parameter.name).field("in", "query");
            writer_.field("required", parameter.required);
            writer_.field("description", parameter.description);
            writer_.raw_field("schema", use(parameter.schema)).end_object();
        }
        if (route.operation.takes_idempotency_key) {
            writer_.begin_object().field("name", "Idempotency-Key").field("in", "header").field("required", false);
            writer_.field("description", "sent again with the same key within a day, it is done once");
            writer_.raw_field("schema", R"({"type":"string","maxLength":257})").end_object();
        }
        writer_.end_array();
    }

    void write_body(const Operation& operation) {
        writer_.key("requestBody").begin_object().field("required", operation.body_required);
        write_content(operation.body_types, *operation.body);
        writer_.end_object();
    }

    void write_content(const std::vector<std::string>& types, const Schema& schema) {
        writer_.key("content").begin_object();
        for (const std::string& type : types) write_form(type, schema);
        writer_.end_object();
    }

    void write_form(const std::string& type, const Schema& schema) {
        writer_.key(type).begin_object().raw_field("schema", use(schema)).end_object();
    }

    void write_answer(std::span<const Answer> forms) {
        writer_.key(std::to_string(forms[0].status)).begin_object().field("description", forms[0].description);
        if (!forms[0].content_type.empty()) {
            writer_.key("content").begin_object();
            for (const Answer& form : forms) write_form(form.content_type, form.schema.value_or(Schema::text()));
            writer_.end_object();
        }
        writer_.end_object();
    }

    void write_responses(const Route& route, const Dialect& dialect) {
        writer_.key("responses").begin_object();
        const auto& answers = route.operation.answers;
        for (auto answer = answers.begin(), next = answer; answer != answers.end(); answer = next) {
            next = std::find_if(answer, answers.end(), [&](const Answer& one) { return one.status != answer->status; });
            write_answer(std::span(answer, next));
        }
        std::map<int, std::string> refusals;
        for (const Problem problem : problems_of(route)) {
            std::string& words = refusals[dialect.status_of(problem)];
            if (words.find(words_for(problem)) != std::string::npos) continue;
            words += (words.empty() ? "" : "; ") + std::string(words_for(problem));
        }
        for (const auto& [status, words] : refusals) {
            if (std::any_of(route.operation.answers.begin(), route.operation.answers.end(),
                            [status = status](const Answer& answer) { return answer.status == status; }))
                continue;
            writer_.key(std::to_string(status)).begin_object().field("description", words);
            write_content({"application/json"}, dialect.error_schema());
            writer_.end_object();
        }
        writer_.end_object();
    }

    void write_components() {
        writer_.key("components").begin_object().key("schemas").begin_object();
        for (const auto& [name, schema] : schemas_) writer_.raw_field(name, schema);
        writer_.end_object().key("securitySchemes").begin_object();
        writer_.key("bearer").begin_object().field("type", "http").field("scheme", "bearer").end_object();
        writer_.key("token").begin_object().field("type", "apiKey").field("in", "header");
        writer_.field("name", "Authorization").field("description", "Token T").end_object();
        writer_.key("basic").begin_object().field("type", "http").field("scheme", "basic").end_object();
        writer_.key("session").begin_object().field("type", "apiKey").field("in", "cookie");
        writer_.field("name", kSessionCookie).field("description", "Of POST /login").end_object();
        writer_.end_object().end_object();
        writer_.key("security").begin_array();
        write_schemes();
        writer_.end_array();
    }

    const std::string& use(const Schema& schema) {
        for (const auto& [name, json] : schema.references()) {
            const auto [known, added] = schemas_.emplace(name, json);
            if (!added && known->second != json) throw std::logic_error("two schemas are named " + name);
        }
        return schema.json();
    }

    const Router& router_;
    json::Writer writer_;
    std::map<std::string, std::string> schemas_;
};

}  // namespace

std::string openapi_document(const Router& router, std::string_view version) { return Document(router).write(version); }

void add_openapi_route(Router& router, std::string_view version, const Dialect& dialect) {
    const auto document = std::make_shared<std::string>();
    Operation operation = answering(Schema::free_object(), "An OpenAPI 3.1 document");
    router.add({"GET", "/openapi.json", Access::anonymous, Scope::read,
                [document](const Request&) {
                    Response response;
                    response.body = *document;
                    return response;
                },
                "This description", &dialect, std::move(operation)});
    *document = openapi_document(router, version);
}

}  // namespace foliot::api
