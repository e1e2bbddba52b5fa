#include "api/http/hosts.hpp"

#include "base/ascii.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

namespace foliot::api {

namespace {

constexpr std::string_view kAnything = "*";
constexpr std::string_view kAnyAddress = "[ip]";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_name_character(char c) {
    constexpr std::string_view kMarks = "-._~%!$&'()*+,;=";
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || kMarks.find(c) != std::string_view::npos;
}

bool is_ipv6_character(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' || c == '.'; }

std::string_view without_dot(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    return host;
}

bool is_address(std::string_view host) {
    in6_addr ignored{};
    if (!host.starts_with('[')) return ::inet_pton(AF_INET, std::string(host).c_str(), &ignored) == 1;
    return ::inet_pton(AF_INET6, std::string(host.substr(1, host.size() - 2)).c_str(), &ignored) == 1;
}

}  // namespace

std::optional<std::string_view> host_of(std::string_view field) {
    const bool bracket = field.starts_with('[');
    const std::size_t bracket_end = field.find(']');
    if (bracket && bracket_end == std::string_view::npos) return std::nullopt;
    const std::size_t end = bracket ? bracket_end + 1 : std::min(field.find(':'), field.size());
    const std::string_view host = field.substr(0, end);
    const std::string_view port = field.substr(end);
    const bool well_formed = bracket
                                 ? std::all_of(host.begin() + 1, host.end() - 1, is_ipv6_character) && host.size() > 2
                                 : std::all_of(host.begin(), host.end(), is_name_character);
    const bool good_port = port.empty() || (port.front() == ':' && std::all_of(port.begin() + 1, port.end(), is_digit));
    if (!well_formed || !good_port) return std::nullopt;
    return host;
}

bool is_among(std::string_view host, const std::vector<std::string>& names) {
    const std::string_view asked = without_dot(host);
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
        if (name == kAnything) return true;
        if (name == kAnyAddress) return is_address(asked);
        return same_but_case(asked, name);
    });
}

}  // namespace foliot::api
