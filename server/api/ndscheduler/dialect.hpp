// The ndscheduler dialect: its errors.
#pragma once

#include "api/http/router.hpp"

namespace foliot::api::ndscheduler {

inline constexpr std::string_view kJson = "application/json; charset=UTF-8";

/// {"error": text}; unknown ids and bad input alike are 400, as its clients know them.
class ErrorDialect final : public Dialect {
  public:
    std::string_view name() const override { return "ndscheduler"; }
    Response error(const RequestError& error) const override;
    Response not_found(std::string_view path) const override;
    Response method_not_allowed(std::string_view path) const override;
    Response internal_error(std::string_view request_id) const override;
    std::string challenge() const override { return "Bearer realm=\"foliot\""; }
};

}  // namespace foliot::api::ndscheduler
