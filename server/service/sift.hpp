// Lists by what the store has no index for: each row is looked at, a bounded number of them for a page.
#pragma once

#include "store/page.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace foliot::service {

inline constexpr std::size_t kRowsAtOnce = 500, kBytesAtOnce = 1U << 20U;
inline constexpr int kMostLooks = 20;

/// Up to filter.limit rows that are wanted, of `page(filter)` and the pages behind it. It looks at 10,000 rows or 20
/// MiB at most, so that `next`, behind the last row that it looked at, may come with fewer rows, or none. Each few rows
/// come from a snapshot of their own, so that none is held for long.
template <class Filter, class Page, class Wanted>
auto sift(Filter filter, const Page& page, const Wanted& wanted) {
    decltype(page(filter)) found;
    const std::size_t limit = filter.limit;
    filter.limit = kRowsAtOnce;
    filter.max_bytes = kBytesAtOnce;
    for (int looks = 0; looks < kMostLooks; ++looks) {
        auto some = page(filter);
        for (auto& row : some.items) {
            if (!wanted(row)) continue;
            const bool last = &row == &some.items.back() && !some.next;
            const auto id = static_cast<std::int64_t>(row.id);
            found.items.push_back(std::move(row));
            if (found.items.size() < limit) continue;
            found.next = last ? std::nullopt : std::optional(id);
            return found;
        }
        found.next = some.next;
        if (!some.next) break;
        filter.before = some.next;
    }
    return found;
}

}  // namespace foliot::service
