// A server's /openapi.json, and what it says of requests and answers.
#pragma once

#include "base/json.hpp"
#include "support/http_client.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace foliot::testing {

class OpenApi {
  public:
    struct Operation {
        std::string method, path;  ///< upper case; with {parameters}
        std::string role, scope;
        const json::Value* value = nullptr;

        /// The schema of its JSON body; null: it takes none.
        const json::Value* body() const;
    };

    explicit OpenApi(std::string text);
    OpenApi(const OpenApi&) = delete;
    OpenApi& operator=(const OpenApi&) = delete;

    const std::vector<Operation>& operations() const { return operations_; }
    /// Of a path as it is sent, its query too; null: there is none. HEAD is GET.
    const Operation* find(const std::string& method, const std::string& path) const;

    /// "" when the answer is one that the operation may give, else what is wrong.
    std::string problem_of_answer(const Operation& operation, const Reply& reply) const;
    /// "" when the value fits, else where it does not.
    std::string violation(const json::Value& schema, const json::Value& value, const std::string& where = "$") const;
    /// Follows a $ref.
    const json::Value& resolved(const json::Value& schema) const;

  private:
    std::string text_;
    json::Value document_;
    std::vector<Operation> operations_;
};

}  // namespace foliot::testing
