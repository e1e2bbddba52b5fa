// Lists by pages, as Django REST framework's cursors do it: newest first, 1000 at a time, links to the next and the
// previous page.
#pragma once

#include "api/http/router.hpp"
#include "base/json.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace foliot::api::seed {

inline constexpr std::size_t kPageSize = 1'000;

/// Where a page begins: behind that position, or, backwards, where it ends: before it.
struct Cursor {
    std::string position;
    bool backwards = false;
};

/// Of the query; nothing: the first page. Throws not_found "Invalid cursor".
std::optional<Cursor> cursor_of(const Request& request);
RequestError invalid_cursor();

/// Of a list in the order of numbers: a bound of what is read. Throws likewise.
std::optional<std::int64_t> number_in(const std::optional<Cursor>& cursor, bool backwards);

/// The request's own URL with that cursor.
std::string page_url(const Request& request, const Cursor& cursor);

template <class Item>
struct Page {
    std::vector<Item> items;  ///< newest first
    bool has_next = false, has_previous = false;
    std::optional<std::string> next_from{}, previous_from{};  ///< positions; nothing: of the last and the first item
};

/// `items`: kPageSize and one more, if there are so many, in the cursor's direction from it on; the newest is first.
template <class Item>
Page<Item> cut(std::vector<Item> items, const std::optional<Cursor>& cursor) {
    const bool backwards = cursor && cursor->backwards;
    const bool more = items.size() > kPageSize;
    if (more) items.erase(backwards ? items.begin() : items.end() - 1);
    return {std::move(items), backwards || more, backwards ? more : cursor.has_value()};
}

/// The page of a whole list, newest first, by the ids that `id_of` gives.
template <class Item, class IdOf>
Page<Item> page_of(std::vector<Item> all, const std::optional<Cursor>& cursor, const IdOf& id_of) {
    const auto before = number_in(cursor, false), after = number_in(cursor, true);
    std::erase_if(
        all, [&](const Item& item) { return (before && id_of(item) >= *before) || (after && id_of(item) <= *after); });
    if (all.size() > kPageSize) {
        constexpr auto kRead = static_cast<std::ptrdiff_t>(kPageSize) + 1;
        after ? all.erase(all.begin(), all.end() - kRead) : all.erase(all.begin() + kRead, all.end());
    }
    return cut(std::move(all), cursor);
}

/// {"count", "next", "previous", "results"}; `write(writer, item)`, and `position_of(item)` as text.
template <class Item, class PositionOf, class Write>
Response list(const Request& request, std::int64_t count, const Page<Item>& page, const PositionOf& position_of,
              const Write& write) {
    auto next_from = page.next_from, previous_from = page.previous_from;
    if (!next_from && page.has_next && !page.items.empty()) next_from = position_of(page.items.back());
    if (!previous_from && page.has_previous && !page.items.empty()) previous_from = position_of(page.items.front());
    std::optional<std::string> next, previous;
    if (next_from) next = page_url(request, {*next_from, false});
    if (previous_from) previous = page_url(request, {*previous_from, true});
    json::Writer writer;
    writer.begin_object().field("count", count).field("next", next).field("previous", previous);
    writer.key("results").begin_array();
    for (const Item& item : page.items) write(writer, item);
    return json_answer(writer.end_array().end_object().take());
}

/// What list() answers, for /openapi.json.
Operation listing(const Schema& item, std::string description);

}  // namespace foliot::api::seed
