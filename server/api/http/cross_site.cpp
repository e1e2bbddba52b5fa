#include "api/http/cross_site.hpp"

#include "api/http/message.hpp"

#include <algorithm>
#include <string>

namespace foliot::api {

namespace {

bool has_own_credentials(std::string_view authorization) {
    return !authorization.empty() && !lower(authorization.substr(0, 5)).starts_with("basic");
}

/// "http://name:8888" -> "name:8888", as the Host header has it.
std::string_view host_of_origin(std::string_view origin) {
    const std::size_t slashes = origin.find("://");
    return slashes == std::string_view::npos ? std::string_view() : origin.substr(slashes + 3);
}

/// Links and images have no Origin, but perhaps this.
bool is_referred_by_others(const Request& request) {
    const std::string_view referer = host_of_origin(request.header("referer"));
    return !referer.empty() && lower(referer.substr(0, referer.find('/'))) != lower(request.header("host"));
}

/// Nothing: it does not say. Browsers tell the relation to sites that they trust (TLS, localhost), the origin to all.
/// Another port is the same site but another origin.
std::optional<bool> says_same_origin(const Request& request) {
    if (const std::string_view site = request.header("sec-fetch-site"); !site.empty()) {
        return site == "same-origin" || site == "none";
    }
    const std::string_view origin = request.header("origin");
    if (origin.empty()) return std::nullopt;
    return lower(host_of_origin(origin)) == lower(request.header("host"));
}

}  // namespace

bool is_cross_site(const Request& request) {
    return !has_own_credentials(request.header("authorization")) &&
           !says_same_origin(request).value_or(!is_referred_by_others(request));
}

bool is_same_origin(const Request& request) { return says_same_origin(request).value_or(false); }

bool may_be_a_page(const Request& request) {
    return std::any_of(request.headers.begin(), request.headers.end(), [](const auto& field) {
        return field.first == "origin" || field.first == "referer" || field.first.starts_with("sec-");
    });
}

bool is_preflight(const Request& request) {
    return request.method == "OPTIONS" && !request.header("access-control-request-method").empty();
}

}  // namespace foliot::api
