// Addresses that requests are to be sent to.
#pragma once

#include <string>
#include <string_view>

namespace foliot::service {

inline constexpr std::size_t kMaxUrl = 2'000;

/// Throws RequestError (invalid) naming the field for what is no absolute http or https URL with a host. Whether
/// anybody is there, and may be called, shows when it is.
void check_http_url(std::string_view field, const std::string& url);

/// Printing ASCII: the value of a header can be nothing else (RFC 9110, 5.5, without its obsolete bytes).
bool fits_header(std::string_view text);

}  // namespace foliot::service
