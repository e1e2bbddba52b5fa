#include "api/ndscheduler/dialect.hpp"

#include "api/http/json_dialect.hpp"

namespace foliot::api::ndscheduler {
namespace {

int status_of(Problem problem) {
    const int usual = usual_status(problem);
    return usual == 404 || usual == 409 ? 400 : usual;
}

}  // namespace

const Dialect& dialect() {
    static const JsonDialect instance(
        {.name = "ndscheduler", .member = "error", .status_of = status_of, .content_type = kJson});
    return instance;
}

}  // namespace foliot::api::ndscheduler
