// How Kragle's clients say who they are: {"username" or "email", "password"}, alone or in the body of another request.
#pragma once

#include "api/http/router.hpp"

#include <string_view>

namespace foliot::api::kragle {

/// Throws RequestError: malformed for what is no JSON, invalid naming the member.
service::Login login_of(std::string_view object);

/// That of {"auth": login, "payload": body}. Nothing: there is no "auth". Throws as login_of().
std::optional<LoginInBody> login_in(std::string_view body);

Schema login_schema();
/// The payload, alone or with a login.
Schema with_or_without_login(const Schema& payload);

}  // namespace foliot::api::kragle
