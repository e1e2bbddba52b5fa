// Users, their groups and tokens.
#pragma once

#include "store/sqlite/work.hpp"

namespace foliot::store::sqlite {

std::int64_t add_account(Work& work, const Account& account);
std::int64_t add_token(Work& work, const TokenRecord& token);
std::optional<Account> find_account(Connection& db, std::string_view name);
std::optional<Principal> principal_of_token(Connection& db, std::string_view token_hash, Micros now);

}  // namespace foliot::store::sqlite
