// The cookie that a login gives a browser.
#pragma once

#include "api/http/router.hpp"
#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::api {

inline constexpr std::string_view kSessionCookie = "foliot_session";

/// What the request's cookie holds; nothing: there is none. "" when there are two, for nobody can say which is ours: a
/// neighbour on another port or in a subdomain can add one.
std::optional<std::string_view> session_of(const Request& request);

/// Gives the browser a cookie that lasts `age`: for scripts not to see, not to be sent by pages of other sites, and
/// not without TLS where the request came with it.
void set_session_cookie(Response& response, const Request& request, std::string_view secret, Micros age);
void clear_session_cookie(Response& response, const Request& request);

}  // namespace foliot::api
