#include "api/http/session_cookie.hpp"

#include "api/http/message.hpp"

namespace foliot::api {

namespace {

/// Each "name=value" of a Cookie header, trimmed.
template <class Use>
void for_each_cookie(std::string_view header, const Use& use) {
    for (std::size_t at = 0; at <= header.size();) {
        const std::size_t end = std::min(header.find(';', at), header.size());
        use(trim(header.substr(at, end - at)));
        at = end + 1;
    }
}

void add_cookie(Response& response, const Request& request, std::string_view secret, Micros age) {
    std::string value(kSessionCookie);
    value.append("=").append(secret).append("; Max-Age=").append(std::to_string(age / kSecond));
    value.append("; Path=/; HttpOnly; SameSite=Strict");
    if (request.over_tls) value.append("; Secure");
    response.headers.emplace_back("Set-Cookie", std::move(value));
}

}  // namespace

std::optional<std::string_view> session_of(const Request& request) {
    std::optional<std::string_view> secret;
    const auto look = [&](std::string_view cookie) {
        const std::size_t equals = cookie.find('=');
        if (equals == std::string_view::npos || trim(cookie.substr(0, equals)) != kSessionCookie) return;
        secret = secret ? std::string_view() : trim(cookie.substr(equals + 1));
    };
    for (const auto& [name, value] : request.headers) {
        if (name == "cookie") for_each_cookie(value, look);
    }
    return secret;
}

void set_session_cookie(Response& response, const Request& request, std::string_view secret, Micros age) {
    add_cookie(response, request, secret, age);
}

void clear_session_cookie(Response& response, const Request& request) { add_cookie(response, request, "", 0); }

}  // namespace foliot::api
