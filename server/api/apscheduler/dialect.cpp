#include "api/apscheduler/dialect.hpp"

#include "api/http/json_dialect.hpp"

namespace foliot::api::apscheduler {
namespace {

/// Flask-APScheduler answers what goes wrong inside APScheduler with 500.
int status_of(Problem problem) {
    if (problem == Problem::invalid) return 500;
    return problem == Problem::wrong_state ? 400 : usual_status(problem);
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
