#include "api/admin/dialect.hpp"

#include "api/http/json_dialect.hpp"

namespace foliot::api::admin {
namespace {

int status_of(Problem problem) {
    switch (problem) {
        case Problem::malformed:
        case Problem::invalid: return 400;
        case Problem::unauthenticated: return 401;
        case Problem::forbidden: return 403;
        case Problem::not_found: return 404;
        case Problem::conflict:
        case Problem::wrong_state: return 409;
        case Problem::too_large: return 413;
        case Problem::throttled: return 429;
        case Problem::unavailable: break;
    }
    return 503;
}

}  // namespace

const Dialect& dialect() {
    static const JsonDialect instance({.name = "foliot", .member = "error", .status_of = status_of});
    return instance;
}

}  // namespace foliot::api::admin
