// UTF-8 (RFC 3629), one character at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace foliot::utf8 {

/// Bytes of the well-formed character that `text` starts with; 0 when there is none (overlong forms, surrogates and
/// what lies beyond U+10FFFF are not well-formed).
std::size_t sequence_length(std::string_view text);

/// Is it made of well-formed characters alone?
bool is_valid(std::string_view text);

/// The character that `text` starts with; it must be well-formed.
std::uint32_t decode(std::string_view text);

/// Length of the end of `text` that begins a well-formed character and lacks the rest of it; 0: there is none.
std::size_t open_end(std::string_view text);
/// How many bytes at the beginning of `text` may be the rest of a character: at most three.
std::size_t open_start(std::string_view text);

void append(std::string& out, std::uint32_t code_point);

}  // namespace foliot::utf8
