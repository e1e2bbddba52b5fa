#include "api/seed/paging.hpp"

#include "api/http/message.hpp"
#include "api/seed/dialect.hpp"
#include "api/seed/urls.hpp"
#include "base/base64.hpp"
#include "base/percent.hpp"

#include <algorithm>
#include <charconv>

namespace foliot::api::seed {

RequestError invalid_cursor() { return not_found("Invalid cursor"); }

std::optional<Cursor> cursor_of(const Request& request) {
    const auto text = request.query_value("cursor");
    if (!text || text->empty()) return std::nullopt;
    const auto decoded = from_base64(*text);
    if (!decoded) throw invalid_cursor();
    const auto members = parse_query("?" + *decoded);
    if (!members) throw invalid_cursor();
    Cursor cursor;
    for (const auto& [name, value] : *members) {
        if (name == "p") cursor.position = value;
        if (name == "r") cursor.backwards = value == "1";
    }
    if (cursor.position.empty()) throw invalid_cursor();
    return cursor;
}

std::optional<std::int64_t> number_in(const std::optional<Cursor>& cursor, bool backwards) {
    if (!cursor || cursor->backwards != backwards) return std::nullopt;
    const std::string& text = cursor->position;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) throw invalid_cursor();
    return number;
}

std::string page_url(const Request& request, const Cursor& cursor) {
    auto query = request.query;
    std::erase_if(query, [](const auto& one) { return one.first == "cursor"; });
    const std::string position = (cursor.backwards ? "r=1&p=" : "p=") + percent_encode(cursor.position);
    query.emplace_back("cursor", to_base64(position));
    std::stable_sort(query.begin(), query.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string url = absolute(request, request.path);
    if (!url.ends_with('/')) url += '/';
    char separator = '?';
    for (const auto& [name, value] : query) {
        url.append(1, separator).append(percent_encode(name)).append("=").append(percent_encode(value));
        separator = '&';
    }
    return url;
}

Operation listing(const Schema& item, std::string description) {
    Operation operation = answering(Schema::object({{"count", Schema::whole(0)},
                                                    {"next", Schema::text().or_null()},
                                                    {"previous", Schema::text().or_null()},
                                                    {"results", Schema::list(item)}}),
                                    std::move(description), {Problem::not_found});
    operation.query = {{"cursor", Schema::text(), "of the links next and previous"}};
    return operation;
}

}  // namespace foliot::api::seed
