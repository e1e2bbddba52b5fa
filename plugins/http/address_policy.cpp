#include "address_policy.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace http {
namespace {

struct NeverNeeded {
    const char* range;
    const char* what;
};

// Addresses of clouds' metadata services stand in their documentation; most are link-local.
constexpr NeverNeeded kNeverNeeded[] = {
    {"169.254.0.0/16", "link-local, where clouds have their metadata"},
    {"fe80::/10", "link-local"},
    {"100.100.100.200", "Alibaba Cloud's metadata"},
    {"168.63.129.16", "Azure's metadata"},
    {"192.0.0.192", "Oracle Cloud's metadata"},
    {"fd00:ec2::/32", "the metadata of AWS"},
    {"fd20:ce::254", "Google Cloud's metadata"},
    {"fd00:42::42", "Scaleway's metadata"},
    {"fd00:c1::a9fe:a9fe", "Oracle Cloud's metadata"},
    {"0.0.0.0/8", "no address of a host"},
    {"::", "no address of a host"},
    {"224.0.0.0/4", "multicast"},
    {"ff00::/8", "multicast"},
    {"240.0.0.0/4", "reserved or broadcast"},
    {"::ffff:0:0:0/96", "an IPv4 address as translators write it"},
    {"64:ff9b:1::/48", "an IPv4 address behind a network's own translator"},
};

const char* never_needed(const Address& address) {
    static const std::vector<Range> ranges = [] {
        std::vector<Range> out;
        for (const NeverNeeded& entry : kNeverNeeded) out.push_back(Range::parse(entry.range));
        return out;
    }();
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (ranges[i].contains(address)) return kNeverNeeded[i].what;
    }
    return nullptr;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/// Digits and dots only, or a colon: meant as an address, and wrong as one.
bool looks_like_address(std::string_view text) {
    return text.find_first_of(":/") != std::string_view::npos ||
           text.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string denied_name(const std::string& host) { return "'" + host + "' is denied by module.http.config.deny"; }

}  // namespace

std::string plain_host(std::string host) {
    if (!host.empty() && host.back() == '.') host.pop_back();
    std::transform(host.begin(), host.end(), host.begin(), lower);
    return host;
}

void Targets::add(const std::string& text) {
    if (text != "*" && looks_like_address(text)) {
        ranges_.push_back(Range::parse(text));
        return;
    }
    const std::string host = plain_host(text);
    const std::string_view name = host.starts_with("*.") ? std::string_view(host).substr(2) : std::string_view(host);
    if (text != "*" &&
        (name.empty() || name.front() == '.' || !std::all_of(name.begin(), name.end(), is_host_character)))
        throw std::invalid_argument("'" + text +
                                    "' is no IP address, range such as 10.0.0.0/8, or host name such as example.org "
                                    "or *.example.org");
    hosts_.push_back(host);
}

const Range* Targets::find(const Address& address) const {
    const auto found =
        std::find_if(ranges_.begin(), ranges_.end(), [&](const Range& range) { return range.contains(address); });
    return found == ranges_.end() ? nullptr : &*found;
}

bool Targets::names(const std::string& host) const {
    const std::string name = plain_host(host);
    return std::any_of(hosts_.begin(), hosts_.end(), [&](const std::string& rule) {
        return rule == "*" || rule == name || (rule.starts_with("*.") && name.ends_with(rule.substr(1)));
    });
}

std::optional<std::string> AddressPolicy::refusal(const std::string& host, const Address& address,
                                                  std::uint16_t port) const {
    if (auto why = refuse_address(host, address, port)) return why;
    if (allow.find(address) == nullptr && !allow.names(host) && deny.names(host)) return denied_name(host);
    const auto leads_to = address.embedded();
    auto why = leads_to ? refuse_address(host, *leads_to, port) : std::nullopt;
    if (why) *why = address.text() + " leads to " + *why;
    return why;
}

std::optional<std::string> AddressPolicy::refuse_address(const std::string& host, const Address& address,
                                                         std::uint16_t port) const {
    if (!allow_self && server && server->reached_by(address, port))
        return address.text() + " port " + std::to_string(port) +
               " is this server itself; module.http.config.allow_self permits it";
    if (allow.find(address) != nullptr) return std::nullopt;
    if (const char* what = never_needed(address))
        return address.text() + " is " + what + "; a range in module.http.config.allow permits it";
    const Range* range = allow.names(host) ? nullptr : deny.find(address);
    if (range == nullptr) return std::nullopt;
    return address.text() + " is denied by module.http.config.deny (" + range->text() + ")";
}

std::optional<std::string> AddressPolicy::refusal(const std::string& host) const {
    if (allow.has_ranges() || allow.names(host) || !deny.names(host)) return std::nullopt;
    return denied_name(host);
}

}  // namespace http
