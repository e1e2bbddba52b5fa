// The absolute URLs of this dialect's answers, as the client that asks reaches the server.
#pragma once

#include "api/http/router.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace foliot::api::seed {

inline constexpr std::string_view kRoot = "/api/v1/";

/// "http://host:port" + path.
std::string absolute(const Request& request, std::string_view path);

/// "http://host:port/api/v1/KIND/"; of one thing, "http://host:port/api/v1/KIND/ID/".
std::string url_of(const Request& request, std::string_view kind);
std::string url_of(const Request& request, std::string_view kind, std::string_view id);
std::string url_of(const Request& request, std::string_view kind, std::int64_t id);

/// 201 with its Location.
Response created(std::string url, std::string json_text);

}  // namespace foliot::api::seed
