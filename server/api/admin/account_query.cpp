#include "api/admin/account_query.hpp"

#include "api/admin/dialect.hpp"

#include <algorithm>
#include <charconv>

namespace foliot::api::admin {
namespace {

constexpr std::int64_t kMostRows = 1'000;

std::optional<std::int64_t> number(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::int64_t id_of(const Request& request, std::string_view kind) {
    const std::string& text = request.parameter("id");
    if (const auto id = number(text)) return *id;
    throw RequestError(Problem::not_found, std::string(kind) + " " + text + " not found");
}

std::int64_t id_in_query(std::string_view name, const std::string& text) {
    if (const auto id = number(text)) return *id;
    throw invalid_field(name, "must be an id, a whole number, not '" + text + "'");
}

PageQuery page_query(const Request& request, std::initializer_list<std::string_view> others) {
    for (const auto& [name, value] : request.query) {
        const bool known =
            name == "limit" || name == "cursor" || std::find(others.begin(), others.end(), name) != others.end();
        if (!known) throw invalid_field(name, "is unknown");
    }
    PageQuery page{kMostRows, 0};
    if (const auto text = request.query_value("limit")) {
        const auto limit = number(*text);
        if (!limit || *limit < 1 || *limit > kMostRows) {
            throw invalid_field("limit", "must be from 1 to 1000, not '" + *text + "'");
        }
        page.limit = static_cast<std::size_t>(*limit);
    }
    if (const auto text = request.query_value("cursor")) {
        const auto after = number(*text);
        if (!after) throw invalid_field("cursor", "is none that this server gave: '" + *text + "'");
        page.after = *after;
    }
    return page;
}

void only(const Request& request, std::initializer_list<std::string_view> known) {
    for (const auto& [name, value] : request.query) {
        if (std::find(known.begin(), known.end(), name) == known.end()) throw invalid_field(name, "is unknown");
    }
}

Response created(std::string_view folder, std::int64_t id, std::string json_text) {
    Response response = json_answer(std::move(json_text), 201);
    response.headers.emplace_back("Location", std::string(folder) + "/" + std::to_string(id));
    return response;
}

}  // namespace foliot::api::admin
