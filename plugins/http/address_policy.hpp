// Which addresses requests may go to: against jobs that make the server a tool against its own network.
#pragma once

#include "address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace http {

/// What a rule names: ranges of addresses, host names ("example.org", "*.example.org" for all below it, "*" for all).
class Targets {
  public:
    /// Throws std::invalid_argument on what is neither.
    void add(const std::string& text);

    const Range* find(const Address& address) const;
    bool names(const std::string& host) const;
    bool has_ranges() const { return !ranges_.empty(); }

  private:
    std::vector<Range> ranges_;
    std::vector<std::string> hosts_;
};

/// In this order, for an address and, when it leads to another (NAT64, 6to4...), for that one too (but for names):
///   1. the server's own listener is refused, unless allow_self
///   2. a range in `allow` permits
///   3. what nobody needs is refused: link-local and metadata addresses, unspecified, multicast and reserved ones
///   4. a host name in `allow` permits
///   5. a range or a host name in `deny` refuses
///   6. all else is permitted
struct AddressPolicy {
    Targets allow, deny;
    std::optional<Listener> server;
    bool allow_self = false;

    /// Why a connection to this address, made for a URL with this host, is refused. Nothing when it is permitted.
    std::optional<std::string> refusal(const std::string& host, const Address& address, std::uint16_t port) const;
    /// The same when the name alone decides, so that it need not be looked up.
    std::optional<std::string> refusal(const std::string& host) const;

  private:
    std::optional<std::string> refuse_address(const std::string& host, const Address& address,
                                              std::uint16_t port) const;
};

/// Lower case, no dot at the end.
std::string plain_host(std::string host);

}  // namespace http
