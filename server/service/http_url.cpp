#include "service/http_url.hpp"

#include "base/ascii.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace foliot::service {
namespace {

bool is_part_of_url(char c) { return c > ' ' && c < '\x7F' && c != '"' && c != '<' && c != '>' && c != '\\'; }

/// None stands for the scheme's.
bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return text.empty() || (error == std::errc() && end == text.data() + text.size());
}

/// "example.org", "[::1]:80".
void check_place(std::string_view field, const std::string& url, std::string_view authority) {
    const bool bracketed = authority.starts_with('[');
    const std::size_t colon = authority.find(':', bracketed ? authority.find(']') : 0);
    const std::string_view host = authority.substr(0, colon);
    if (host.empty() || bracketed != host.ends_with(']')) throw invalid_field(field, "'" + url + "' names no host");
    if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1))) {
        throw invalid_field(field, "'" + url + "' has a port that is no number up to 65535");
    }
}

}  // namespace

void check_http_url(std::string_view field, const std::string& url) {
    if (url.empty()) throw invalid_field(field, "may not be empty: give an http or https URL");
    if (url.size() > kMaxUrl) throw invalid_field(field, "has more than " + std::to_string(kMaxUrl) + " characters");
    const std::size_t colon = url.find("://");
    const std::string_view scheme = std::string_view(url).substr(0, colon == std::string::npos ? 0 : colon);
    if (!same_but_case(scheme, "http") && !same_but_case(scheme, "https")) {
        throw invalid_field(field, "'" + url + "' is no http or https URL");
    }
    if (!std::all_of(url.begin(), url.end(), is_part_of_url)) {
        throw invalid_field(field, "has a character that no URL has: percent-encode it");
    }
    const std::string_view rest = std::string_view(url).substr(colon + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.find('@') != std::string_view::npos) {
        throw invalid_field(field, "has a user or password in it, which anybody would see: give an auth_token instead");
    }
    check_place(field, url, authority);
}

bool fits_header(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace foliot::service
