// A dialect whose errors are a JSON object with one member, as most are, or with a number beside it.
#pragma once

#include "api/http/router.hpp"

#include <string>
#include <string_view>

namespace foliot::api {

/// The status that HTTP has for it (RFC 9110, 15.5).
int usual_status(Problem problem);

struct JsonErrorStyle {
    std::string_view name;    ///< of the dialect
    std::string_view member;  ///< of the object that holds the text
    int (*status_of)(Problem);
    std::string_view content_type = "application/json";
    std::string_view challenge = "Bearer realm=\"foliot\"";
    bool method_check_before_auth = false;
    int (*code_of)(const RequestError&) = nullptr;  ///< its number in a member "code", for dialects that have them
};

/// Views in the style must last as long as it.
class JsonDialect final : public Dialect {
  public:
    explicit JsonDialect(const JsonErrorStyle& style) : style_(style) {}

    std::string_view name() const override { return style_.name; }
    Response error(const RequestError& error) const override;
    int status_of(Problem problem) const override { return style_.status_of(problem); }
    Schema error_schema() const override;
    Response not_found(std::string_view path) const override;
    Response method_not_allowed(std::string_view method, std::string_view path) const override;
    Response internal_error(std::string_view request_id) const override;
    std::string challenge() const override { return std::string(style_.challenge); }
    bool method_check_before_auth() const override { return style_.method_check_before_auth; }

  private:
    Response answer(int status, const RequestError& error) const;
    JsonErrorStyle style_;
};

}  // namespace foliot::api
