#include "api/seed/urls.hpp"

namespace foliot::api::seed {

std::string absolute(const Request& request, std::string_view path) {
    const std::string_view host = request.header("host");
    if (host.empty()) return std::string(path);  // HTTP/1.0
    return (request.over_tls ? "https://" : "http://") + std::string(host) + std::string(path);
}

std::string url_of(const Request& request, std::string_view kind) {
    return absolute(request, std::string(kRoot).append(kind).append("/"));
}

std::string url_of(const Request& request, std::string_view kind, std::string_view id) {
    return url_of(request, kind).append(id).append("/");
}

std::string url_of(const Request& request, std::string_view kind, std::int64_t id) {
    return url_of(request, kind, std::to_string(id));
}

Response created(std::string url, std::string json_text) {
    Response response = json_answer(std::move(json_text), 201);
    response.headers.emplace_back("Location", std::move(url));
    return response;
}

}  // namespace foliot::api::seed
