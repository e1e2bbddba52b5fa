#include "api/kragle/dialect.hpp"

#include "api/admin/fields.hpp"
#include "api/http/json_dialect.hpp"

namespace foliot::api::kragle {
namespace {

enum Code { parameters = 1, no_json = 2, login = 3, payload = 4, no_object = 6, config = 26, has_jobs = 27 };

int code_of_field(const RequestError& error) {
    const std::string& field = error.field();
    if (field == kQuery || field == "page" || field == "detach") return parameters;
    const bool absent = std::string_view(error.what()).starts_with("missing");
    return field == kConfig && !absent ? config : payload;
}

int code_of(const RequestError& error) {
    switch (error.problem()) {
        case Problem::malformed: return error.field() == admin::kBody ? no_json : parameters;
        case Problem::invalid: return code_of_field(error);
        case Problem::unauthenticated:
        case Problem::forbidden:
        case Problem::throttled: return login;
        case Problem::not_found: return no_object;
        case Problem::conflict: return error.field().empty() ? has_jobs : parameters;  // or an Idempotency-Key
        case Problem::wrong_state:
        case Problem::too_large:
        case Problem::unavailable: break;
    }
    return parameters;
}

}  // namespace

const Dialect& dialect() {
    static const JsonDialect instance(
        {.name = "kragle", .member = "msg", .status_of = usual_status, .code_of = code_of});
    return instance;
}

}  // namespace foliot::api::kragle
