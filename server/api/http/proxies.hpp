// Addresses and networks, and whose a request is that came through proxies.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foliot::api {

/// Of addresses. An IPv4 address is the same as the IPv6 address that it is mapped to.
class Networks {
  public:
    /// "10.0.0.7", "10.0.0.0/8", "::1" or "fd00::/8"; false: it is none of these, and nothing was added.
    bool add(const std::string& text);
    bool contain(const std::string& address) const;

  private:
    struct Network {
        std::array<unsigned char, 16> start;
        unsigned bits;
    };
    std::vector<Network> all_;
};

/// The address of the client: `peer`, but when that is a trusted proxy, the last address of X-Forwarded-For that is not
/// one itself (the first when all are); what stands before it anybody may have written. When it cannot be read: `peer`.
std::string client_of(const std::string& peer, const std::vector<std::pair<std::string, std::string>>& headers,
                      const Networks& trusted);

/// Does `peer`, a trusted proxy, say that the client came to it, or to one before it, over TLS (X-Forwarded-Proto)?
bool came_over_tls(const std::string& peer, const std::vector<std::pair<std::string, std::string>>& headers,
                   const Networks& trusted);

}  // namespace foliot::api
