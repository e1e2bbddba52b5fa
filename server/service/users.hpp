// Use cases of users: Admins manage them, everybody sees and keeps his own account.
#pragma once

#include "service/caller.hpp"
#include "service/credentials.hpp"
#include "service/passwords.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace foliot::service {

using GroupName = std::variant<std::int64_t, std::string>;  ///< its id or its name

/// What is not there stays as it is, or takes its default in a new account.
struct UserEdit {
    std::optional<std::string> name{};
    std::optional<std::optional<std::string>> email{};
    std::optional<bool> active{};
    std::optional<std::optional<std::string>> password{};  ///< null: there is none any more
    std::optional<std::vector<GroupName>> groups{};        ///< these and no others
};

/// Of one's own account.
struct OwnEdit {
    std::optional<std::string> password{};
    std::optional<std::string> current_password{};  ///< goes with `password`
};

/// Thread-safe. Every method throws RequestError, and then nothing was changed: conflict for a name or email that is
/// taken and for what would leave no active Admin.
class Users {
  public:
    Users(store::Store& store, Passwords& passwords, Credentials& credentials)
        : store_(store), passwords_(passwords), credentials_(credentials) {}

    store::Page<Account> list(const Caller& caller, std::size_t limit, std::int64_t after);
    Account get(const Caller& caller, std::int64_t id);
    Account me(const Caller& caller);
    Account add(const Caller& caller, const UserEdit& user);
    Account edit(const Caller& caller, std::int64_t id, const UserEdit& edit);
    /// Another password needs the current one; where there is none yet, credentials of scope admin. Neither is for
    /// tokens that end, since a password does not.
    Account edit_me(const Caller& caller, const OwnEdit& edit);
    /// With its tokens, what was made with them, its sessions, memberships and webhooks.
    void remove(const Caller& caller, std::int64_t id);

  private:
    Account change(const Caller& caller, std::int64_t id, const UserEdit& edit);
    void prove(const Account& account, const std::optional<std::string>& password);

    store::Store& store_;
    Passwords& passwords_;
    Credentials& credentials_;
};

/// The change that `foliotd --set-password` makes: as "system". Throws std::runtime_error when there is no such user.
void set_password(store::Store& store, const std::string& name, const std::string& password);

}  // namespace foliot::service
