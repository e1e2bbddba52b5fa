// A login that gives a browser the cookie of a session.
#pragma once

#include "api/http/router.hpp"
#include "service/sessions.hpp"

#include <functional>

namespace foliot::api {

/// What `welcome` says to who it is, with the cookie; a 401 of the dialect without one when user or password are wrong.
/// The session of the cookie that came ends either way. Throws as Sessions::begin().
Response log_in(service::Sessions& sessions, const service::Login& given, const Request& request,
                const Dialect& dialect, const std::function<Response(const Principal& who)>& welcome);

void end_session_of(service::Sessions& sessions, const Request& request);

Response without_cookie(Response response, const Request& request);

}  // namespace foliot::api
