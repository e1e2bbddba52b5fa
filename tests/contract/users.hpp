// Users and tokens that a server finds when it starts.
#pragma once

#include "service/secrets.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <string>

namespace foliot::testing {

/// Makes a user of one group; returns a token of that scope.
inline std::string make_user(store::Store& store, const std::string& name, std::int64_t group,
                             Scope scope = Scope::admin) {
    const std::string token = service::random_token();
    store.write(store::Store::Class::api, [&](store::Tx& tx) {
        const auto account = tx.accounts().add({.name = name, .groups = {group}});
        tx.accounts().add_token({.account = account, .hash = service::token_hash(token), .scope = scope});
    });
    return token;
}

}  // namespace foliot::testing
