// Foliot's own dialect: real statuses, {"error": text}. The fallback for paths that no other dialect claims.
#pragma once

#include "api/http/router.hpp"

namespace foliot::api::admin {

class ErrorDialect final : public Dialect {
  public:
    std::string_view name() const override { return "foliot"; }
    Response error(const RequestError& error) const override;
    Response not_found(std::string_view path) const override;
    Response method_not_allowed(std::string_view path) const override;
    Response internal_error(std::string_view request_id) const override;
    std::string challenge() const override { return "Bearer realm=\"foliot\""; }
};

/// The one instance; lives as long as the program.
const Dialect& dialect();

}  // namespace foliot::api::admin
