// What an Authorization header says.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace foliot::service {

struct TokenSecret {
    std::string_view text;
};
struct NameAndPassword {
    std::string name, password;
};
/// What a login says outside of HTTP Basic, which knows names only.
struct Login {
    enum class By { name, email };
    By by = By::name;
    std::string user, password;
};

/// UTF-8 without control characters, and no longer than a name or a password may be.
bool may_be_right(const NameAndPassword& given);

/// "Token T", "Bearer T" (RFC 6750) or "Basic B" (RFC 7617, UTF-8); schemes in any case. Nothing: anything else, and
/// what no token, name or password can be.
std::variant<std::monostate, TokenSecret, NameAndPassword> parse_authorization(std::string_view header);

}  // namespace foliot::service
