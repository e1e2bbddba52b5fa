// Who a request is for: the Host header against the names that this server goes by. A page of another site that makes
// its own name resolve to our address (DNS rebinding) still sends that name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::api {

/// Name or address in a Host header (RFC 9110, 7.2), without its port; nothing when it is malformed.
std::optional<std::string_view> host_of(std::string_view field);

/// Is `host` among the names? Case and one final dot do not matter. "*" stands for every host, "[ip]" for every IP
/// address, which no name service can turn on us.
bool is_among(std::string_view host, const std::vector<std::string>& names);

}  // namespace foliot::api
