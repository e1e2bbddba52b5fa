// Tokens for clients that ask for one whenever they start, as Seed's do.
#pragma once

#include "service/caller.hpp"
#include "service/credentials.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::service {

/// Thread-safe. Each call makes another token, for its secret is not kept; of one user the newest 20 of a kind live,
/// and fewer where he has 200 with others; conflict when those are 200.
class IssuedTokens {
  public:
    IssuedTokens(store::Store& store, Credentials& credentials) : store_(store), credentials_(credentials) {}

    /// For the user with that address, who is made if there is none. For Admins; it ends when the caller's credentials
    /// do. Throws RequestError, naming "email".
    std::string for_email(const Caller& caller, const std::string& email);
    /// For whose password that is; nothing: it is wrong. `via`: the dialect. Throws as Credentials::account_of().
    std::optional<std::string> for_password(const NameAndPassword& given, std::string_view peer, std::string_view via);

  private:
    store::Store& store_;
    Credentials& credentials_;
};

}  // namespace foliot::service
