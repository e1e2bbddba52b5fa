// Percent-encoding (RFC 3986, 2.1).
#pragma once

#include <string>
#include <string_view>

namespace foliot {

/// All but unreserved characters, in capitals: %2F.
std::string percent_encode(std::string_view text);

}  // namespace foliot
