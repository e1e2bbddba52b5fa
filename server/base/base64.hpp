// Base64 (RFC 4648). Decoding takes what encoding gives and nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace foliot {

enum class Base64 { standard, url };  ///< url: without padding

std::string to_base64(std::string_view bytes, Base64 kind = Base64::standard);
std::optional<std::string> from_base64(std::string_view text, Base64 kind = Base64::standard);

}  // namespace foliot
