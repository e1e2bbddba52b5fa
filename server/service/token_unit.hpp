// The end of tokens, as part of a unit.
#pragma once

#include "service/caller.hpp"
#include "store/store.hpp"

#include <cstdint>

namespace foliot::service {

/// The token goes, and with it all that was made with it, directly or not, whose ever it is: who had the one has the
/// others. An entry in the audit for each. How many they were.
std::int64_t revoke(store::Tx& tx, const Caller& caller, const Token& token);

/// So do all tokens of the account.
std::int64_t revoke_all(store::Tx& tx, const Caller& caller, std::int64_t account);

}  // namespace foliot::service
