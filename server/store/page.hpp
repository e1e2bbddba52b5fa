#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace foliot::store {

template <class T>
struct Page {
    std::vector<T> items;
    std::optional<std::int64_t> next;  ///< cursor of the next page; nothing: this was the last
};

}  // namespace foliot::store
