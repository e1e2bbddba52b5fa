// The Flask-APScheduler dialect: its errors and its JSON style.
#pragma once

#include "api/http/router.hpp"

namespace foliot::api::apscheduler {

/// {"error_message": text}; bad input is 500, as its clients know it.
class ErrorDialect final : public Dialect {
  public:
    std::string_view name() const override { return "apscheduler"; }
    Response error(const RequestError& error) const override;
    Response not_found(std::string_view path) const override;
    Response method_not_allowed(std::string_view path) const override;
    Response internal_error(std::string_view request_id) const override;
    std::string challenge() const override { return "Basic realm=\"Authentication Required\""; }
    bool method_check_before_auth() const override { return true; }
};

}  // namespace foliot::api::apscheduler
