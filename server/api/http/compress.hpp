// gzip for answers (RFC 9110, 8.4 and 12.5.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace foliot::api {

/// Does this Accept-Encoding prefer gzip to the plain form?
bool wants_gzip(std::string_view accept_encoding);

/// Nothing when it would not be shorter.
std::optional<std::string> gzip(const std::string& text);

}  // namespace foliot::api
