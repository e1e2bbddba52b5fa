#include "api/ndscheduler/dialect.hpp"

#include "api/http/json_dialect.hpp"

namespace foliot::api::ndscheduler {
namespace {

int status_of(Problem problem) {
    switch (problem) {
        case Problem::unauthenticated: return 401;
        case Problem::forbidden: return 403;
        case Problem::too_large: return 413;
        case Problem::throttled: return 429;
        case Problem::unavailable: return 503;
        case Problem::malformed:
        case Problem::invalid:
        case Problem::not_found:
        case Problem::conflict:
        case Problem::wrong_state: break;
    }
    return 400;
}

}  // namespace

const Dialect& dialect() {
    static const JsonDialect instance(
        {.name = "ndscheduler", .member = "error", .status_of = status_of, .content_type = kJson});
    return instance;
}

}  // namespace foliot::api::ndscheduler
