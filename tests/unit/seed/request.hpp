// Requests as the dialect's helpers get them.
#pragma once

#include "api/http/router.hpp"

#include <string>

namespace foliot::testing {

inline api::Request request_to(std::string path, std::vector<std::pair<std::string, std::string>> query = {}) {
    api::Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.query = std::move(query);
    request.headers = {{"host", "sched.example.org:8080"}};
    return request;
}

inline api::Request post_of(std::string body, const std::string& type = "application/json") {
    api::Request request = request_to("/api/v1/schedule/");
    request.method = "POST";
    request.body = std::move(body);
    if (!type.empty()) request.headers.emplace_back("content-type", type);
    return request;
}

}  // namespace foliot::testing
