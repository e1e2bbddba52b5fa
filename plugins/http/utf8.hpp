// Reading UTF-8.
#pragma once

#include <optional>
#include <string_view>

namespace http {

/// The first character of `text`, which is not empty, removed from it. Nothing when it does not begin with one: then a
/// byte is removed.
std::optional<char32_t> take_character(std::string_view& text);

bool is_utf8(std::string_view text);

/// What was cut at some byte, cut back to the character before.
std::string_view without_half_character(std::string_view text);

}  // namespace http
