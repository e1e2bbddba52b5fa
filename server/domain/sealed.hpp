// Secret values among arguments. A sealed one is stored as {"$secret": "..."} in its place in the list or object of
// arguments; only the server that has the key can open it. These functions need no key.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace foliot {

namespace json {
struct Value;
}

inline constexpr std::string_view kSecretMember = "$secret";
/// What is shown in place of a secret; sent back it means: as it is.
inline constexpr std::string_view kSecretMask = "***";

bool is_sealed(const json::Value& value);  ///< an object with the one member "$secret"
bool is_masked(const json::Value& value);  ///< the text ***

/// Some of these arguments are sealed. Takes a list or an object.
bool has_sealed(std::string_view arguments);

/// Arguments (a list or an object) with what `replace` makes of each sealed value in its place; as they are when none
/// is sealed. `replace` gets and gives JSON.
std::string with_sealed(std::string_view arguments, const std::function<std::string(std::string_view)>& replace);

/// Arguments as everybody may see them: *** for each secret.
std::string shown_arguments(std::string_view arguments);

}  // namespace foliot
