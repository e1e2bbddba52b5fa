#include "api/ndscheduler/login_routes.hpp"

#include "api/http/cross_site.hpp"
#include "api/http/session_cookie.hpp"
#include "api/http/session_login.hpp"
#include "api/ndscheduler/answers.hpp"
#include "api/ndscheduler/login_body.hpp"
#include "base/error.hpp"
#include "base/time_text.hpp"

namespace foliot::api::ndscheduler {
namespace {

using service::Sessions;

Response to_the_page() {
    return {.status = 302, .content_type = "text/html; charset=UTF-8", .body = {}, .headers = {{"Location", "/"}}};
}

Response welcome(const Principal& who) {
    json::Writer writer = new_writer();
    writer.begin_object().field("user", who.name).field("expires", iso_time(who.expires.value())).end_object();
    return ok(writer.take());
}

Response log_in(Sessions& sessions, const Request& request) {
    const Login login = login_of(request);
    return api::log_in(sessions, {.user = login.given.name, .password = login.given.password}, request, dialect(),
                       [&](const Principal& who) { return login.as_json ? welcome(who) : to_the_page(); });
}

/// GET, for that is what links do; a page of another site may not, and whoever only asks with HEAD stays.
Response log_out(Sessions& sessions, const Request& request) {
    if (is_cross_site(request)) throw RequestError(Problem::forbidden, "a page of another site may not do this");
    if (request.method == "HEAD") return to_the_page();
    end_session_of(sessions, request);
    return session_of(request) ? without_cookie(to_the_page(), request) : to_the_page();
}

Response what_is_wanted() {
    return {.status = 200,
            .content_type = "text/plain; charset=UTF-8",
            .body = "Login required: POST username and password to /login, as a form or as JSON.\n",
            .headers = {}};
}

Operation leading_to_the_page(std::string description, std::vector<Problem> problems) {
    return {.answers = {{302, std::move(description), {}, ""}}, .body = {}, .problems = std::move(problems)};
}

Operation logging_in() {
    const Schema session = Schema::object({{"user", Schema::text()}, {"expires", Schema::instant()}});
    Operation operation = leading_to_the_page(
        "To /, with the cookie of a session",
        {Problem::invalid, Problem::unauthenticated, Problem::forbidden, Problem::throttled, Problem::unavailable});
    operation.answers.push_back({200, "The cookie of a session, in answer to JSON", session});
    operation.body = login_schema();
    operation.body_required = false;
    operation.body_types = {"application/x-www-form-urlencoded", "multipart/form-data", "application/json"};
    operation.query = {{"username", Schema::text(), "instead of a field of the form"},
                       {"password", Schema::text(), "likewise; but queries are written to logs"}};
    return operation;
}

Operation asking() {
    Operation operation = leading_to_the_page("To /: nobody is asked who he is (auth.enabled is off)", {});
    operation.answers.push_back({200, "What is wanted", {}, "text/plain"});
    return operation;
}

Operation logging_out() {
    return leading_to_the_page("To /; the session has ended, and its cookie goes",
                               {Problem::forbidden, Problem::unavailable});
}

}  // namespace

void add_login_routes(Router& router, Sessions& sessions, bool auth_enabled) {
    for (const char* path : {"/login", "/logout"}) router.claim_prefix(path, dialect());
    router.add({"GET", "/login", Access::anonymous, Scope::read,
                [auth_enabled](const Request&) { return auth_enabled ? what_is_wanted() : to_the_page(); },
                "What a login takes", &dialect(), asking()});
    router.add({"POST", "/login", Access::anonymous, Scope::read,
                [auth_enabled, &sessions](const Request& r) {
                    return auth_enabled ? log_in(sessions, r) : without_cookie(to_the_page(), r);
                },
                "Log in: a session for a browser", &dialect(), logging_in()});
    for (const char* method : {"GET", "POST"}) {
        router.add({method, "/logout", Access::anonymous, Scope::read,
                    [&sessions](const Request& r) { return log_out(sessions, r); }, "Log out", &dialect(),
                    logging_out()});
    }
}

}  // namespace foliot::api::ndscheduler
