#include "service/http_url.hpp"

#include "base/ascii.hpp"
#include "base/error.hpp"

#include <algorithm>

namespace foliot::service {
namespace {

bool is_part_of_url(char c) { return c > ' ' && c < '\x7F' && c != '"' && c != '<' && c != '>' && c != '\\'; }

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
    if (authority.empty() || authority.front() == ':') throw invalid_field(field, "'" + url + "' names no host");
}

}  // namespace foliot::service
