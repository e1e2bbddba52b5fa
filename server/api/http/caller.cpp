#include "api/http/caller.hpp"

#include "base/error.hpp"
#include "service/secrets.hpp"

#include <algorithm>

namespace foliot::api {
namespace {

constexpr std::size_t kLongestKey = 255;
constexpr std::string_view kHeader = "Idempotency-Key";

[[noreturn]] void refuse() {
    throw RequestError(Problem::malformed, std::string(kHeader) + " must be one of 1 to 255 printable ASCII characters",
                       std::string(kHeader));
}

/// RFC 8941 has it quoted, most clients do not; quotes within are not for it.
std::string key_in(std::string_view text) {
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    if (quoted) text = text.substr(1, text.size() - 2);
    const auto may_be = [](char c) { return c >= ' ' && c <= '~' && c != '"'; };
    if (text.empty() || text.size() > kLongestKey || !std::all_of(text.begin(), text.end(), may_be)) refuse();
    return std::string(text);
}

/// With its query in another order it is the same request.
std::string asked_in(const Request& request) {
    auto query = request.query;
    std::sort(query.begin(), query.end());
    std::string text = request.path;
    for (const auto& [name, value] : query) text.append("\n").append(name).append("=").append(value);
    return service::token_hash(text.append("\n\n").append(request.body));
}

std::optional<service::Once> once_in(const Request& request) {
    if (request.method != "POST") return std::nullopt;
    std::optional<std::string> key;
    for (const auto& [name, value] : request.headers) {
        if (name != "idempotency-key") continue;
        if (key) refuse();
        key = key_in(value);
    }
    if (!key) return std::nullopt;
    return service::Once{*std::move(key), asked_in(request)};
}

}  // namespace

service::Caller caller_in(const Request& request, const Dialect& dialect) {
    return {request.principal, dialect.name(), once_in(request)};
}

}  // namespace foliot::api
