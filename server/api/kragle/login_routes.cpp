#include "api/kragle/login_routes.hpp"

#include "api/http/session_login.hpp"
#include "api/kragle/dialect.hpp"
#include "api/kragle/login_body.hpp"
#include "base/json.hpp"

namespace foliot::api::kragle {
namespace {

Response welcome(std::int64_t user) {
    return json_answer(json::Writer().begin_object().field("code", 0).field("user_id", user).end_object().take());
}

Response log_in(service::Sessions& sessions, const Request& request) {
    return api::log_in(sessions, login_of(request.body), request, dialect(),
                       [](const Principal& who) { return welcome(who.account); });
}

Operation logging_in() {
    Operation operation = answering(
        Schema::object({{"code", Schema::whole(0, 0)}, {"user_id", Schema::whole(0)}}), "The cookie of a session",
        {Problem::unauthenticated, Problem::forbidden, Problem::throttled, Problem::unavailable});
    operation.body = login_schema();
    return operation;
}

}  // namespace

void add_login_routes(Router& router, service::Sessions& sessions, bool auth_enabled) {
    for (const char* path : {"/authenticate", "/api/v1/authenticate"}) {
        router.claim_prefix(path, dialect());
        router.add({"POST", path, Access::anonymous, Scope::read,
                    [auth_enabled, &sessions](const Request& r) {
                        return auth_enabled ? log_in(sessions, r) : without_cookie(welcome(0), r);
                    },
                    "Log in: a session's cookie", &dialect(), logging_in()});
    }
}

}  // namespace foliot::api::kragle
