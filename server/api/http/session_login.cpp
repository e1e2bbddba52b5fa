#include "api/http/session_login.hpp"

#include "api/http/session_cookie.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace foliot::api {
namespace {

using service::Sessions;

Response wrong(const Request& request, const Dialect& dialect) {
    Response response = dialect.error({Problem::unauthenticated, "the user or the password is wrong"});
    response.headers.emplace_back("WWW-Authenticate", dialect.challenge());
    return without_cookie(std::move(response), request);
}

/// Its cookie is replaced. What has begun is not given up because this cannot be stored now: it ends by itself.
void forget_session_of(Sessions& sessions, const Request& request) {
    try {
        end_session_of(sessions, request);
    } catch (const RequestError& error) {
        log::warning("old-session-stays",
                     "the session that a login replaces goes on until its end: " + std::string(error.what()));
    }
}

}  // namespace

Response without_cookie(Response response, const Request& request) {
    clear_session_cookie(response, request);
    return response;
}

void end_session_of(Sessions& sessions, const Request& request) {
    if (const auto secret = session_of(request); secret && !secret->empty()) sessions.end(*secret);
}

Response log_in(Sessions& sessions, const service::Login& given, const Request& request, const Dialect& dialect,
                const std::function<Response(const Principal& who)>& welcome) {
    const auto begun = sessions.begin(given, request.peer);
    if (!begun) {
        end_session_of(sessions, request);  // its cookie goes
        return wrong(request, dialect);
    }
    forget_session_of(sessions, request);
    Response response = welcome(begun->who);
    set_session_cookie(response, request, begun->secret, sessions.age());
    return response;
}

}  // namespace foliot::api
