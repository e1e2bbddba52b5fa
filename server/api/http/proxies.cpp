#include "api/http/proxies.hpp"

#include "api/http/hosts.hpp"
#include "api/http/message.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace foliot::api {

namespace {

using Bytes = std::array<unsigned char, 16>;
constexpr unsigned kBits = 128, kMappedBits = 96;

bool is_ipv4(const std::string& text, Bytes& bytes) {
    bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return ::inet_pton(AF_INET, text.c_str(), &bytes[kMappedBits / 8]) == 1;
}

std::optional<Bytes> bytes_of(const std::string& text) {
    Bytes bytes{};
    if (is_ipv4(text, bytes) || ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
    return std::nullopt;
}

/// As it is usually written, so that it is the same client however a proxy writes it.
std::string text_of(const Bytes& bytes) {
    in6_addr address{};
    std::copy(bytes.begin(), bytes.end(), std::begin(address.s6_addr));
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&address);
    ::inet_ntop(mapped ? AF_INET : AF_INET6, bytes.data() + (mapped ? kMappedBits / 8 : 0), text.data(), text.size());
    return text.data();
}

/// Some proxies add the port: "10.0.0.7:1234", "[::1]:1234".
std::string without_port(std::string_view entry) {
    const bool plain =
        entry.find(':') == std::string_view::npos || (!entry.starts_with('[') && entry.find(':') != entry.rfind(':'));
    if (plain) return std::string(entry);
    std::string_view host = host_of(entry).value_or("");
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    return std::string(host);
}

/// What the proxies have said under that name.
std::vector<std::string_view> entries_of(std::string_view wanted,
                                         const std::vector<std::pair<std::string, std::string>>& headers) {
    std::vector<std::string_view> entries;
    for (const auto& [name, value] : headers) {
        if (name != wanted) continue;
        for_each_item(value, [&](std::string_view entry) { entries.push_back(entry); });
    }
    return entries;
}

}  // namespace

bool Networks::add(const std::string& text) {
    const std::size_t slash = text.find('/');
    const std::string address = text.substr(0, slash);
    const auto start = bytes_of(address);
    if (!start) return false;
    const unsigned least = address.find(':') == std::string::npos ? kMappedBits : 0;
    unsigned bits = kBits - least;
    if (slash != std::string::npos) {
        const char* const last = text.data() + text.size();
        const auto [end, error] = std::from_chars(text.data() + slash + 1, last, bits);
        if (error != std::errc{} || end != last || bits > kBits - least) return false;
    }
    all_.push_back({*start, least + bits});
    return true;
}

bool Networks::contain(const std::string& address) const {
    if (all_.empty()) return false;
    const auto bytes = bytes_of(address.substr(0, address.find('%')));  // the interface behind it does not count
    return bytes && std::any_of(all_.begin(), all_.end(), [&](const Network& network) {
               const unsigned whole = network.bits / 8, rest = network.bits % 8;
               if (!std::equal(bytes->begin(), bytes->begin() + whole, network.start.begin())) return false;
               return rest == 0 || ((*bytes)[whole] ^ network.start[whole]) >> (8 - rest) == 0;
           });
}

std::string client_of(const std::string& peer, const std::vector<std::pair<std::string, std::string>>& headers,
                      const Networks& trusted) {
    if (!trusted.contain(peer)) return peer;
    std::string client = peer;
    const auto entries = entries_of("x-forwarded-for", headers);
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        const auto bytes = bytes_of(without_port(*entry));
        if (!bytes) return peer;
        client = text_of(*bytes);
        if (!trusted.contain(client)) return client;
    }
    return client;
}

/// A client that makes it up gets a cookie that it cannot use.
bool came_over_tls(const std::string& peer, const std::vector<std::pair<std::string, std::string>>& headers,
                   const Networks& trusted) {
    if (!trusted.contain(peer)) return false;
    const auto entries = entries_of("x-forwarded-proto", headers);
    return std::any_of(entries.begin(), entries.end(), [](std::string_view entry) { return lower(entry) == "https"; });
}

}  // namespace foliot::api
