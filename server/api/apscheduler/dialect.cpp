#include "api/apscheduler/dialect.hpp"

#include "api/http/json_dialect.hpp"

namespace foliot::api::apscheduler {
namespace {

int status_of(Problem problem) {
    switch (problem) {
        case Problem::malformed: return 400;
        case Problem::invalid: return 500;
        case Problem::unauthenticated: return 401;
        case Problem::forbidden: return 403;
        case Problem::not_found: return 404;
        case Problem::conflict: return 409;
        case Problem::wrong_state: return 400;
        case Problem::too_large: return 413;
        case Problem::throttled: return 429;
        case Problem::unavailable: break;
    }
    return 503;
}

}  // namespace

const Dialect& dialect() {
    static const JsonDialect instance({.name = "apscheduler",
                                       .member = "error_message",
                                       .status_of = status_of,
                                       .challenge = "Basic realm=\"Authentication Required\"",
                                       .method_check_before_auth = true});
    return instance;
}

}  // namespace foliot::api::apscheduler
