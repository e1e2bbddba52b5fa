#include "api/http/gate.hpp"

#include "api/http/cross_site.hpp"
#include "api/http/session_cookie.hpp"
#include "base/log.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <exception>
#include <string>

namespace foliot::api {

namespace {

Response last_resort(int status) {
    Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = "the request failed\n";
    return response;
}

void allow(Response& response, const std::set<std::string>& methods) {
    std::string list;
    for (const std::string& method : methods) list.append(list.empty() ? "" : ", ").append(method);
    response.headers.emplace_back("Allow", std::move(list));
}

Evidence evidence_of(const Request& request) {
    Evidence evidence{.authorization = request.header("authorization"), .peer = request.peer};
    if (evidence.authorization.empty()) evidence.session = session_of(request).value_or("");
    return evidence;
}

/// A browser that has the cookie of a session that is over need not send it again.
Response challenge(const Dialect& dialect, const Request& request) {
    Response response = dialect.unauthenticated(request.header("authorization"));
    const auto given = [](const auto& field) { return field.first == "WWW-Authenticate"; };
    std::string value = dialect.challenge();
    if (!value.empty() && std::none_of(response.headers.begin(), response.headers.end(), given)) {
        response.headers.emplace_back("WWW-Authenticate", std::move(value));
    }
    if (request.header("authorization").empty() && session_of(request)) clear_session_cookie(response, request);
    return response;
}

Response refusal(const Dialect& dialect, const RequestError& error) {
    Response response = dialect.error(error);
    if (error.retry_after() > 0) response.headers.emplace_back("Retry-After", std::to_string(error.retry_after()));
    return response;
}

Response not_allowed(const Match& match, const Request& request) {
    Response response = match.dialect->method_not_allowed(request.method, request.path);
    allow(response, match.allowed);
    return response;
}

Response options(const Match& match) {
    Response response;
    response.content_type.clear();
    allow(response, match.allowed);
    return response;
}

bool changes_something(const Route& route) { return route.method != "GET" && route.method != "HEAD"; }

/// Browsers add the cookie to whatever a page sends: so it must be clear that the page is ours.
void refuse_pages_of_others(const Request& request, const Route& route, const Evidence& evidence) {
    if (is_cross_site(request)) throw RequestError(Problem::forbidden, "a page of another site may not do this");
    const bool by_cookie = !evidence.session.empty() && route.access != Access::anonymous;
    if (!by_cookie || is_same_origin(request) || !may_be_a_page(request)) return;
    throw RequestError(Problem::forbidden,
                       "with a session's cookie this needs Origin or Sec-Fetch-Site, as browsers send them");
}

/// Where the head shows credentials they count, and a request says only once who sends it.
void refuse_second_login(const Request& request, const Route& route) {
    if (route.login_in == nullptr || !route.login_in(request.body)) return;
    throw RequestError(Problem::invalid,
                       "the head shows credentials (Authorization or a cookie), and so does the body");
}

Role least_role(const Route& route) {
    return route.access == Access::admin       ? Role::admin
           : route.access == Access::operator_ ? Role::operator_
                                               : Role::viewer;
}

bool may(const Principal& principal, const Route& route) {
    if (route.access <= Access::guest) return true;
    return principal.role >= least_role(route) && principal.scope >= route.scope;
}

std::string lack_of_power(const Principal& principal, const Route& route) {
    const auto power = [](Role role, Scope scope) {
        return "role " + std::string(name_of(role)) + " and scope " + std::string(name_of(scope));
    };
    return "these credentials do not allow this: they have " + power(principal.role, principal.scope) +
           ", it takes at least " + power(least_role(route), route.scope);
}

std::string describe(const std::exception& error) {
    if (const auto* poco = dynamic_cast<const Poco::Exception*>(&error)) return poco->displayText();
    return error.what();
}

}  // namespace

Response Gate::answer(Request& request, std::string_view target) const {
    return spoken<Response>(request, [&](const Dialect*& dialect) -> Response {
        Admission admission = admit(request, target, Body::here, dialect);
        if (auto* instead = std::get_if<Response>(&admission)) return std::move(*instead);
        return std::get<const Route*>(admission)->handler(request);
    });
}

std::optional<Response> Gate::answer_to_head(Request& request, std::string_view target) const {
    using Perhaps = std::optional<Response>;
    return spoken<Perhaps>(request, [&](const Dialect*& dialect) -> Perhaps {
        Admission admission = admit(request, target, Body::to_come, dialect);
        if (auto* instead = std::get_if<Response>(&admission)) return std::move(*instead);
        return std::nullopt;
    });
}

bool Gate::still_admits(const Request& request, std::string_view target) const {
    try {
        Request again = request;
        const Dialect* dialect = nullptr;
        const Admission admission = admit(again, target, Body::here, dialect);
        return std::holds_alternative<const Route*>(admission) && again.principal.account == request.principal.account;
    } catch (const RequestError& error) {
        return error.problem() == Problem::unavailable;  // who is throttled may be he whose password is another now
    } catch (const std::exception&) {
        return true;
    }
}

/// What `act` gives; what it throws is said in the words of the dialect that it has found by then.
template <class Result, class Act>
Result Gate::spoken(const Request& request, const Act& act) const {
    const Dialect* dialect = &router_.dialect_of(request.path);
    try {
        try {
            return act(dialect);
        } catch (const RequestError& error) {
            return refusal(*dialect, error);
        }
    } catch (const std::exception& error) {
        return internal_error(request, *dialect, describe(error));
    } catch (...) {
        return internal_error(request, *dialect, "an exception that is no std::exception");
    }
}

Gate::Admission Gate::admit(Request& request, std::string_view target, Body body, const Dialect*& dialect) const {
    Match match = router_.match(request.method, request.path);
    dialect = match.dialect;
    if (!match.allowed.empty()) request.dialect = dialect->name();
    if (match.allowed.empty()) return dialect->not_found(request.path);
    const bool asks_only = match.route == nullptr && request.method == "OPTIONS";
    if (asks_only || is_preflight(request)) return options(match);  // and says nothing of other origins: not allowed
    if (match.route == nullptr && dialect->method_check_before_auth()) return not_allowed(match, request);
    Evidence evidence = evidence_of(request);
    if (match.route != nullptr && changes_something(*match.route)) {
        refuse_pages_of_others(request, *match.route, evidence);
    }

    const bool body_may_tell = match.route != nullptr && match.route->login_in != nullptr && !evidence.shown_in_head();
    if (body_may_tell && body == Body::to_come) return match.route;
    auto in_body = body_may_tell ? match.route->login_in(request.body) : std::nullopt;
    if (in_body) evidence.login = &in_body->login;
    std::optional<Principal> principal = who_is_there(match, evidence);
    if (!principal) return challenge(*dialect, request);
    request.principal = *std::move(principal);
    if (match.route == nullptr) return not_allowed(match, request);
    if (!may(request.principal, *match.route)) {
        throw RequestError(Problem::forbidden, lack_of_power(request.principal, *match.route));
    }
    auto query = parse_query(target);
    if (!query) throw RequestError(Problem::malformed, "the query is not well-formed percent-encoded UTF-8");
    request.query = std::move(*query);
    request.parameters = std::move(match.parameters);
    if (in_body) request.body = std::move(in_body->rest);
    if (!body_may_tell) refuse_second_login(request, *match.route);
    return match.route;
}

/// Nothing: somebody must be known, and nobody is.
std::optional<Principal> Gate::who_is_there(const Match& match, const Evidence& evidence) const {
    const bool shown = evidence.shown_in_head() || evidence.login != nullptr;
    const bool anonymous = match.route == nullptr ? match.anonymous : match.route->access == Access::anonymous;
    if (anonymous) return shown ? who_if_known(evidence).value_or(Principal{}) : Principal{};
    std::optional<Principal> principal = authenticate_(evidence);
    const bool guest = match.route != nullptr && match.route->access == Access::guest;
    if (!principal && guest && !shown) return Principal{};
    return principal;
}

/// A probe is answered while the accounts cannot be read or a password may not be tried, whatever credentials it sends.
std::optional<Principal> Gate::who_if_known(const Evidence& evidence) const {
    try {
        return authenticate_(evidence);
    } catch (const RequestError& error) {
        if (error.problem() != Problem::unavailable && error.problem() != Problem::throttled) throw;
        return std::nullopt;
    }
}

Response Gate::internal_error(const Request& request, const Dialect& dialect, std::string_view what) const {
    try {
        log::error("request-fault", "request " + request.id + " " + request.method + " " + request.path +
                                        " failed: " + std::string(what));
        return dialect.internal_error(request.id);
    } catch (...) {
        return last_resort(500);
    }
}

Response Gate::refuse(const Refusal& refusal, std::string_view raw_path, std::string_view request_id) const {
    try {
        const Problem problem = refusal.status == 413 ? Problem::too_large : Problem::malformed;
        Response response = router_.dialect_of(raw_path).error(RequestError(problem, refusal.text));
        response.status = refusal.status;
        return response;
    } catch (const std::exception& error) {
        log::error("request-fault", "request " + std::string(request_id) + ": the refusal failed: " + describe(error));
        return last_resort(refusal.status);
    }
}

}  // namespace foliot::api
