// What /openapi.json says about a route beside its path, access and summary.
#pragma once

#include "api/http/schema.hpp"
#include "base/error.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace foliot::api {

struct QueryParameter {
    std::string name;
    Schema schema;
    std::string description;
    bool required = false;
};

/// An answer when all goes well. Several of one status that stand together are forms of it; the first describes it.
struct Answer {
    int status = 200;
    std::string description;
    std::optional<Schema> schema;  ///< nothing: no body, or one that is no JSON
    std::string content_type = "application/json";
};

struct Operation {
    std::vector<Answer> answers;
    std::optional<Schema> body;  ///< JSON; nothing: a body is ignored
    bool body_required = true;
    std::vector<QueryParameter> query{};
    /// How it may be refused, beside what every request may meet and what follows from body, access and path.
    std::vector<Problem> problems{};
    bool takes_idempotency_key = false;
    std::vector<std::string> body_types{"application/json"};  ///< forms of the same fields may be others
};

inline Operation once_by_key(Operation operation) {
    operation.takes_idempotency_key = true;
    return operation;
}
/// 204.
inline Operation without_answer(std::string description, std::vector<Problem> problems = {}) {
    return {.answers = {{204, std::move(description), {}, ""}}, .body = {}, .problems = std::move(problems)};
}
/// 200 with JSON.
inline Operation answering(Schema schema, std::string description, std::vector<Problem> problems = {}) {
    return {.answers = {{200, std::move(description), std::move(schema)}}, .body = {}, .problems = std::move(problems)};
}

}  // namespace foliot::api
