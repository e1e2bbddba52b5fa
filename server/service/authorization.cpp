#include "service/authorization.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "base/json.hpp"
#include "service/passwords.hpp"
#include "service/words.hpp"

#include <cctype>

namespace foliot::service {
namespace {

constexpr std::size_t kLongestToken = 512;
constexpr std::size_t kLongestName = 256;

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlanks = " \t";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::optional<NameAndPassword> name_and_password(std::string_view encoded) {
    constexpr std::size_t most = (kLongestName + kLongestPassword + 3) / 3 * 4;
    if (encoded.size() > most) return std::nullopt;
    const auto pair = from_base64(encoded);
    if (!pair) return std::nullopt;
    const auto colon = pair->find(':');
    if (colon == std::string::npos) return std::nullopt;
    NameAndPassword given{pair->substr(0, colon), pair->substr(colon + 1)};
    if (!may_be_right(given)) return std::nullopt;
    return given;
}

}  // namespace

bool may_be_right(const NameAndPassword& given) {
    const auto is_text = [](const std::string& text) { return json::valid_text(text) && !has_control_character(text); };
    return !given.name.empty() && given.name.size() <= kLongestName && given.password.size() <= kLongestPassword &&
           is_text(given.name) && is_text(given.password);
}

std::variant<std::monostate, TokenSecret, NameAndPassword> parse_authorization(std::string_view header) {
    const std::string_view text = trim(header);
    const auto blank = text.find_first_of(" \t");
    if (blank == std::string_view::npos) return {};
    const std::string_view scheme = text.substr(0, blank);
    const std::string_view rest = trim(text.substr(blank));
    if (same_but_case(scheme, "basic")) {
        if (auto pair = name_and_password(rest)) return *std::move(pair);
        return {};
    }
    const bool is_token = same_but_case(scheme, "token") || same_but_case(scheme, "bearer");
    if (!is_token || rest.empty() || rest.size() > kLongestToken) return {};
    return TokenSecret{rest};
}

}  // namespace foliot::service
