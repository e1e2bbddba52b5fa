#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace foliot::api::admin {

/// The enumerator whose number is the place of `text` among `names`. Throws RequestError (invalid) that lists them.
template <class Choice, class Names>
Choice choice(std::string_view field, const std::string& text, const Names& names) {
    std::string known;
    int number = 0;
    for (const std::string_view name : names) {
        if (name == text) return static_cast<Choice>(number);
        known += (known.empty() ? "" : ", ") + std::string(name);
        ++number;
    }
    throw invalid_field(field, "must be one of " + known + ", not '" + text + "'");
}

}  // namespace foliot::api::admin
