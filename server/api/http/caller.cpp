#include "api/http/caller.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace foliot::api {
namespace {

constexpr std::size_t kLongestKey = 255;
constexpr std::string_view kHeader = "Idempotency-Key";

std::string_view unquoted(std::string_view text) {
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

/// The same key with the query in another order is the same request.
std::string asked_in(const Request& request) {
    auto query = request.query;
    std::sort(query.begin(), query.end());
    std::string text = request.path;
    for (const auto& [name, value] : query) text.append("\n").append(name).append("=").append(value);
    return text.append("\n\n").append(request.body);
}

std::optional<service::Once> once_in(const Request& request) {
    const std::string_view given = request.header("idempotency-key");
    if (request.method != "POST" || given.empty()) return std::nullopt;
    const std::string_view key = unquoted(given);
    const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
    if (key.empty() || key.size() > kLongestKey || !std::all_of(key.begin(), key.end(), is_printable))
        throw invalid_field(kHeader, "must be 1 to 255 printable ASCII characters");
    return service::Once{std::string(key), asked_in(request)};
}

}  // namespace

service::Caller caller_in(const Request& request, const Dialect& dialect) {
    return {request.principal, dialect.name(), once_in(request)};
}

}  // namespace foliot::api
