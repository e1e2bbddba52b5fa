// The end of tokens, as part of a unit.
#pragma once

#include "service/caller.hpp"
#include "store/store.hpp"

#include <cstddef>
#include <cstdint>

namespace foliot::service {

inline constexpr std::size_t kMostTokens = 200;  ///< of a user that are good at a time

/// Throws RequestError (conflict) when the user can have no other one.
void refuse_too_many_tokens(store::Tx& tx, const Account& owner);

/// The token goes, and with it all that was made with it, directly or not, whose ever it is: who had the one has the
/// others. An entry in the audit for each. How many they were.
std::int64_t revoke(store::Tx& tx, const Caller& caller, const Token& token);

/// So do all tokens of the account.
std::int64_t revoke_all(store::Tx& tx, const Caller& caller, std::int64_t account);

}  // namespace foliot::service
