#include "service/names.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "service/words.hpp"

#include <algorithm>

namespace foliot::service {
namespace {

constexpr std::size_t kMostCharacters = 64;
constexpr std::size_t kLongestEmail = 254;  // RFC 5321

/// However it is written.
bool is_word(std::string_view name, std::string_view lower) {
    return std::equal(name.begin(), name.end(), lower.begin(), lower.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

}  // namespace

void check_name(std::string_view field, const std::string& name) {
    if (!json::valid_text(name) || has_control_character(name) || has_invisible_character(name)) {
        throw invalid_field(field, "must be UTF-8 text without control and invisible characters");
    }
    if (name.empty()) throw invalid_field(field, "must be a nonempty text");
    if (characters(name) > kMostCharacters) throw invalid_field(field, "is longer than 64 characters");
    if (has_outer_blanks(name)) throw invalid_field(field, "must not begin or end with a blank");
}

void check_user_name(const std::string& name) {
    check_name("name", name);
    if (name.find(':') != std::string::npos) throw invalid_field("name", "must not have a colon");
    if (is_word(name, "system") || is_word(name, "anonymous")) {
        throw invalid_field("name", "'" + name + "' is taken by the server");
    }
}

void check_email(const std::string& email) {
    const auto at = email.find('@');
    const bool whole = at != std::string::npos && at > 0 && at + 1 < email.size() && email.rfind('@') == at;
    if (!whole || !json::valid_text(email) || email.find(' ') != std::string::npos || has_control_character(email) ||
        has_invisible_character(email)) {
        throw invalid_field("email", "must be null or an address such as ann@example.org");
    }
    if (email.size() > kLongestEmail) throw invalid_field("email", "is longer than 254 bytes");
}

}  // namespace foliot::service
