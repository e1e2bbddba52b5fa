// Logins of browsers: a secret, kept in a cookie, stands for a user until it ends.
#pragma once

#include "base/clock.hpp"
#include "domain/account.hpp"
#include "service/authorization.hpp"
#include "service/credentials.hpp"
#include "service/known.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::service {

/// Thread-safe. The store has only hashes of the secrets. A session is worth what its user's password is; it ends by
/// itself, by end(), and with the password, the user, or the user's 50th newer session.
class Sessions {
  public:
    /// A session lasts `age`.
    Sessions(store::Store& store, const Clock& clock, Credentials& credentials, Micros age);

    struct Begun {
        std::string secret;
        Principal who;
    };
    /// Nothing: the name or the password is wrong. Throws RequestError as Credentials::authenticate() does.
    std::optional<Begun> begin(const NameAndPassword& given, std::string_view peer);
    std::optional<Begun> begin(const Login& given, std::string_view peer) {
        return begin(credentials_.named(given), peer);
    }

    /// Whose session that is; nothing when it has ended or never was. Throws RequestError (unavailable).
    std::optional<Principal> holder(std::string_view secret);

    /// Whether there was one. Throws RequestError (unavailable).
    bool end(std::string_view secret);

    Micros age() const { return age_; }

  private:
    bool add(const NameAndPassword& given, const std::string& secret, const Principal& who);

    store::Store& store_;
    const Clock& clock_;
    Credentials& credentials_;
    const Micros age_;
    KnownPrincipals known_;
};

}  // namespace foliot::service
