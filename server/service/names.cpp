#include "service/names.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "service/words.hpp"

namespace foliot::service {
namespace {

constexpr std::size_t kMostCharacters = 64;
constexpr std::size_t kLongestEmail = 254;  // RFC 5321

}  // namespace

void check_name(std::string_view field, const std::string& name) {
    if (!json::valid_text(name) || has_control_character(name)) {
        throw invalid_field(field, "must be UTF-8 text without control characters");
    }
    if (name.empty()) throw invalid_field(field, "must be a nonempty text");
    if (characters(name) > kMostCharacters) throw invalid_field(field, "is longer than 64 characters");
    if (name.front() == ' ' || name.back() == ' ') throw invalid_field(field, "must not begin or end with a blank");
}

void check_user_name(const std::string& name) {
    check_name("name", name);
    if (name.find(':') != std::string::npos) throw invalid_field("name", "must not have a colon");
    if (name == "system" || name == "anonymous") throw invalid_field("name", "'" + name + "' is taken by the server");
}

void check_email(const std::string& email) {
    const auto at = email.find('@');
    const bool whole = at != std::string::npos && at > 0 && at + 1 < email.size() && email.rfind('@') == at;
    if (!whole || email.find(' ') != std::string::npos || has_control_character(email) || !json::valid_text(email)) {
        throw invalid_field("email", "must be null or an address such as ann@example.org");
    }
    if (email.size() > kLongestEmail) throw invalid_field("email", "is longer than 254 bytes");
}

}  // namespace foliot::service
