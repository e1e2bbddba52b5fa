// IP addresses and ranges of them, as the address policy compares them. Pure but for text and sockaddr.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace http {

/// IPv4 written as IPv6 (::ffff:10.0.0.1) is the IPv4 address: both reach the same host.
class Address {
  public:
    static std::optional<Address> parse(const std::string& text);
    static std::optional<Address> of(const sockaddr& address);
    static std::uint16_t port_of(const sockaddr& address);  ///< 0 when it has none

    bool is_v4() const;
    std::string text() const;
    /// The IPv4 address that a gateway or a tunnel on the way makes of this one: NAT64 (64:ff9b::/96), 6to4
    /// (2002::/16), Teredo (2001::/32), IPv4-compatible (::/96) and IPv4-translated (::ffff:0:0:0/96) addresses. Where
    /// those of 64:ff9b:1::/48 have theirs only their network knows.
    std::optional<Address> embedded() const;

    bool operator==(const Address&) const = default;

  private:
    friend class Range;
    using Bytes = std::array<std::uint8_t, 16>;
    explicit Address(const Bytes& bytes) : bytes_(bytes) {}
    static Address v4(const std::uint8_t* four, std::uint8_t mask = 0);

    Bytes bytes_;  ///< IPv4: as ::ffff:a.b.c.d
};

/// 10.0.0.0/8, fd00::/8, or one address. IPv6 ranges hold no IPv4 address, and the other way round.
class Range {
  public:
    /// Throws std::invalid_argument that says what is wrong.
    static Range parse(const std::string& text);
    bool contains(const Address& address) const;
    std::string text() const;

  private:
    Range(const Address& first, unsigned length) : first_(first), length_(length) {}

    Address first_;
    unsigned length_;  ///< of the 128 bits
};

/// Where a server listens.
struct Listener {
    Address address;
    std::uint16_t port = 0;

    /// "127.0.0.1:8888", "[::1]:8888". Throws std::invalid_argument.
    static Listener parse(const std::string& text);
    /// Does a connection to there reach this listener? One that listens on all addresses is reached by each of this
    /// machine's.
    bool reached_by(const Address& address, std::uint16_t port) const;
};

}  // namespace http
