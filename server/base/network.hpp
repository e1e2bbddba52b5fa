// Network addresses of clients.
#pragma once

#include <string>
#include <string_view>

namespace foliot {

/// The part of an address that one client holds, as a key. Whoever has an IPv6 address has 2^64 of them: its first 64
/// bits count, and not the interface behind a '%'.
std::string network_of(std::string_view address);

}  // namespace foliot
