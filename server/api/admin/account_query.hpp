// What the routes of users, groups and tokens take from path and query, and how they answer.
#pragma once

#include "api/http/router.hpp"
#include "base/json.hpp"

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace foliot::api::admin {

/// {id} of the path; what is no number is not_found "KIND x not found".
std::int64_t id_of(const Request& request, std::string_view kind);

/// A whole number that is an id; throws RequestError (invalid) naming the parameter.
std::int64_t id_in_query(std::string_view name, const std::string& text);

struct PageQuery {
    std::size_t limit;
    std::int64_t after;
};
/// `limit` (1 to 1000, the default) and `cursor`; throws RequestError (invalid) for these and for parameters that are
/// neither nor one of `others`.
PageQuery page_query(const Request& request, std::initializer_list<std::string_view> others = {});

/// Throws likewise for a parameter that is none of `known`.
void only(const Request& request, std::initializer_list<std::string_view> known);
inline void no_query(const Request& request) { only(request, {}); }

/// A handler that answers with the JSON of what `act(request)` gives; with 204 when it gives nothing. It takes no
/// query.
template <class Act>
Handler plainly(Act act) {
    return [act = std::move(act)](const Request& request) {
        no_query(request);
        if constexpr (std::is_void_v<decltype(act(request))>) {
            act(request);
            return no_content();
        } else {
            return json_answer(act(request));
        }
    };
}

Response created(std::string_view folder, std::int64_t id, std::string json_text);  ///< 201 with its Location

/// {"NAME": [...]}, with "truncated" and "next_cursor" when there are more.
template <class Item, class Write>
Response list(std::string_view name, const std::vector<Item>& items, const std::optional<std::int64_t>& next,
              const Write& write) {
    json::Writer writer;
    writer.begin_object().key(name).begin_array();
    for (const Item& item : items) write(writer, item);
    writer.end_array();
    if (next) writer.field("truncated", true).field("next_cursor", std::to_string(*next));
    return json_answer(writer.end_object().take());
}

}  // namespace foliot::api::admin
