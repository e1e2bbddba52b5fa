#include "api/admin/dialect.hpp"

#include "base/json.hpp"

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
        case Problem::unavailable: break;
    }
    return 503;
}

Response answer(int status, std::string_view text) {
    json::Writer writer;
    writer.begin_object().field("error", text).end_object();
    Response response;
    response.status = status;
    response.body = writer.take();
    return response;
}

}  // namespace

Response ErrorDialect::error(const RequestError& error) const {
    return answer(status_of(error.problem()), error.what());
}

Response ErrorDialect::not_found(std::string_view path) const {
    return answer(404, "There is nothing at " + std::string(path));
}

Response ErrorDialect::method_not_allowed(std::string_view path) const {
    return answer(405, "The method is not allowed for " + std::string(path));
}

Response ErrorDialect::internal_error(std::string_view request_id) const {
    return answer(500, "Internal error; the server's log says more under " + std::string(request_id));
}

const Dialect& dialect() {
    static const ErrorDialect instance;
    return instance;
}

}  // namespace foliot::api::admin
