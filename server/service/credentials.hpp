// Who makes a request: tokens and passwords, verified against the store.
#pragma once

#include "base/clock.hpp"
#include "domain/account.hpp"
#include "service/authorization.hpp"
#include "service/known.hpp"
#include "service/passwords.hpp"
#include "service/secrets.hpp"
#include "service/throttle.hpp"
#include "service/token_uses.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::service {

/// Thread-safe. A change of any account counts from its commit on: what was cached is dropped before the change is
/// answered. Wrong passwords, unknown names and emails, users without a password and inactive ones look and cost the
/// same.
class Credentials {
  public:
    Credentials(store::Store& store, const Clock& clock, Passwords& passwords, TokenUses& uses);

    /// Of an Authorization header, sent from the address `peer`. Nothing: nobody known. Throws RequestError: throttled
    /// when a password that was not right in the last day would have to be hashed and `peer` or the name has failed too
    /// often, or too many wait; unavailable when the store cannot be read or memory is short.
    std::optional<Principal> authenticate(std::string_view authorization, std::string_view peer);
    /// Of a login that a request carries, as HTTP Basic would be. Throws likewise.
    std::optional<Principal> authenticate(const Login& given, std::string_view peer);

    /// The same by name. An email that nobody has becomes a name that nobody can have, so it looks and costs the same.
    NameAndPassword named(const Login& given);

    /// The active account whose password that is, as the store has it now. Throws as authenticate().
    std::optional<Account> account_of(const NameAndPassword& given, std::string_view peer);

    /// Is what account_of() has just found still so, in the unit that these are of? False also when nobody remembers.
    bool still_proves(store::AccountReader& accounts, const NameAndPassword& given);

    /// Is that the user's password? Throws as authenticate().
    bool proves(const std::string& name, const std::string& password);

  private:
    std::optional<Principal> by_token(std::string_view secret);
    std::optional<Principal> by_password(const NameAndPassword& given, std::string_view peer);
    /// The account when the password is right.
    std::optional<Account> verified_account(const NameAndPassword& given, const std::string& hash,
                                            std::string_view peer);
    bool verify(const NameAndPassword& given, const std::string& hash, const store::PasswordHolder& holder,
                std::string_view peer);
    void store_fresh_hash(const store::PasswordHolder& holder, const std::string& fresh);

    store::Store& store_;
    const Clock& clock_;
    Passwords& passwords_;
    TokenUses& uses_;
    KeyedHash keyed_hash_;
    KnownPrincipals known_;
    VerifiedPasswords verified_;
    Throttle throttle_;
};

}  // namespace foliot::service
