// The services with users in the store: root (Admin), olga (no group), vera (Viewer), each with a token of scope admin.
#pragma once

#include "base/fd.hpp"
#include "service/secrets.hpp"
#include "unit/service/setup.hpp"

namespace foliot::testing {

struct People : Setup {
    struct User {
        std::int64_t id;
        std::string token;
    };
    User root_user = make("root", {kAdmins}), olga_user = make("olga", {}), vera_user = make("vera", {kViewers});

    User make(const std::string& name, const std::vector<std::int64_t>& in) {
        User user{0, service::random_token()};
        store->write(store::Store::Class::api, [&](store::Tx& tx) {
            user.id = tx.accounts().add({.name = name, .groups = in});
            tx.accounts().add_token(
                {.account = user.id, .hash = service::token_hash(user.token), .scope = Scope::admin});
        });
        return user;
    }

    std::optional<Principal> who(const std::string& authorization, const std::string& peer = "10.0.0.1") {
        return credentials.authenticate(authorization, peer);
    }
    Principal principal(const User& user) { return who("Token " + user.token).value(); }

    std::string last_audit() {
        const auto entry = audit().front();
        return entry.actor + " " + entry.event + " " + entry.kind + " " + entry.ref + " " + entry.name;
    }
};

/// Everything in the folder's files, as one text.
inline std::string stored_bytes(const TempDir& folder) {
    std::string bytes;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        bytes += read_file(entry.path().string());
    }
    return bytes;
}

}  // namespace foliot::testing
