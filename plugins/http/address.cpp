#include "address.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace http {
namespace {

constexpr unsigned kV4Bits = 96;  ///< of an IPv4 address's 128 bits, those before its own

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number out{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return out;
}

bool starts_with(const std::array<std::uint8_t, 16>& bytes, std::initializer_list<std::uint8_t> prefix) {
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool on_this_machine(const Address& address) {
    static const Range loopback = Range::parse("127.0.0.0/8");
    if (loopback.contains(address)) return true;
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return true;  // cannot be told: the safe answer
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, &::freeifaddrs);
    for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
        if (entry->ifa_addr != nullptr && Address::of(*entry->ifa_addr) == address) return true;
    }
    return false;
}

bool is_unspecified(const Address& address) { return address.text() == "0.0.0.0" || address.text() == "::"; }

}  // namespace

Address Address::v4(const std::uint8_t* four, std::uint8_t mask) {
    Bytes bytes{};
    bytes[10] = bytes[11] = 0xFF;
    for (std::size_t i = 0; i < 4; ++i) bytes.at(12 + i) = four[i] ^ mask;
    return Address(bytes);
}

std::optional<Address> Address::parse(const std::string& text) {
    if (text.find('\0') != std::string::npos) return std::nullopt;
    Bytes bytes{};
    if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return v4(bytes.data());
    if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return Address(bytes);
    return std::nullopt;
}

std::optional<Address> Address::of(const sockaddr& address) {
    Bytes bytes{};
    if (address.sa_family == AF_INET) {
        sockaddr_in v4_address{};
        std::memcpy(&v4_address, &address, sizeof v4_address);
        std::memcpy(bytes.data(), &v4_address.sin_addr, 4);
        return v4(bytes.data());
    }
    if (address.sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 v6_address{};
    std::memcpy(&v6_address, &address, sizeof v6_address);
    std::memcpy(bytes.data(), &v6_address.sin6_addr, bytes.size());
    return Address(bytes);
}

std::uint16_t Address::port_of(const sockaddr& address) {
    if (address.sa_family != AF_INET && address.sa_family != AF_INET6) return 0;
    sockaddr_in with_port{};  // the port is in the same place in both
    static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
    std::memcpy(&with_port, &address, offsetof(sockaddr_in, sin_addr));
    return ntohs(with_port.sin_port);
}

bool Address::is_v4() const { return starts_with(bytes_, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}); }

std::string Address::text() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (is_v4()) {
        ::inet_ntop(AF_INET, bytes_.data() + 12, buffer.data(), buffer.size());
    } else {
        ::inet_ntop(AF_INET6, bytes_.data(), buffer.data(), buffer.size());
    }
    return buffer.data();
}

std::optional<Address> Address::embedded() const {
    if (is_v4()) return std::nullopt;
    const bool nat64 = starts_with(bytes_, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0});
    const bool translated = starts_with(bytes_, {0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0});
    if (nat64 || translated) return v4(bytes_.data() + 12);
    if (starts_with(bytes_, {0x20, 0x02})) return v4(bytes_.data() + 2);
    if (starts_with(bytes_, {0x20, 0x01, 0, 0})) return v4(bytes_.data() + 12, 0xFF);
    const bool compatible = starts_with(bytes_, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    const bool special = starts_with(bytes_, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}) && bytes_[15] <= 1;
    if (compatible && !special) return v4(bytes_.data() + 12);  // not :: and ::1
    return std::nullopt;
}

Range Range::parse(const std::string& text) {
    const std::size_t slash = text.find('/');
    const auto address = Address::parse(text.substr(0, slash));
    if (!address) throw std::invalid_argument("'" + text + "' is no IP address or range such as 10.0.0.0/8");
    const bool written_as_v4 = text.find(':') == std::string::npos;
    const unsigned before = written_as_v4 ? kV4Bits : 0;
    unsigned length = 128;
    if (slash != std::string::npos) {
        const auto given = number<unsigned>(std::string_view(text).substr(slash + 1));
        if (!given || *given > 128 - before)
            throw std::invalid_argument("'" + text + "' wants a length from 0 to " + std::to_string(128 - before) +
                                        " behind the slash");
        length = before + *given;
    }
    for (unsigned bit = length; bit < 128; ++bit) {
        if ((address->bytes_.at(bit / 8) >> (7 - bit % 8) & 1U) != 0)
            throw std::invalid_argument("'" + text + "' has bits behind its length: is the length right?");
    }
    return {*address, length};
}

bool Range::contains(const Address& address) const {
    const bool of_v4 = first_.is_v4() && length_ >= kV4Bits;
    if (of_v4 != address.is_v4()) return false;
    for (unsigned bit = 0; bit < length_; ++bit) {
        const unsigned mask = 0x80U >> bit % 8;
        if (((first_.bytes_.at(bit / 8) ^ address.bytes_.at(bit / 8)) & mask) != 0) return false;
    }
    return true;
}

std::string Range::text() const {
    if (length_ == 128) return first_.text();
    return first_.text() + "/" + std::to_string(first_.is_v4() ? length_ - kV4Bits : length_);
}

Listener Listener::parse(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    std::string host = text.substr(0, colon);
    if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    const auto address = Address::parse(host);
    const auto port = colon == std::string::npos ? std::nullopt : number<std::uint16_t>(text.substr(colon + 1));
    if (!address || !port || *port == 0)
        throw std::invalid_argument("'" + text + "' is no address with a port, such as 127.0.0.1:8888 or [::1]:8888");
    return {*address, *port};
}

bool Listener::reached_by(const Address& to, std::uint16_t to_port) const {
    if (to_port != port) return false;
    // Linux takes a connection to 0.0.0.0 or :: as one to this machine.
    if (is_unspecified(address) || is_unspecified(to)) return is_unspecified(to) || on_this_machine(to);
    return to == address;
}

}  // namespace http
