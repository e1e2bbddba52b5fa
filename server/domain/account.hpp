// Who may do what: power is role AND scope.
#pragma once

#include "base/clock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot {

enum class Role {
    viewer = 0,
    operator_ = 1,
    admin = 2
};  ///< Viewers read; Operators also change and run jobs; Admins everything
enum class Scope { read = 0, run = 1, write = 2, admin = 3 };

inline constexpr std::array<std::string_view, 3> kRoleNames{"viewer", "operator", "admin"};
inline constexpr std::array<std::string_view, 4> kScopeNames{"read", "run", "write", "admin"};
inline std::string_view name_of(Role role) { return kRoleNames.at(static_cast<std::size_t>(role)); }
inline std::string_view name_of(Scope scope) { return kScopeNames.at(static_cast<std::size_t>(scope)); }

/// Groups that every store begins with: Viewers, Operators, Admins.
inline constexpr std::int64_t kViewers = 1, kOperators = 2, kAdmins = 3;

struct GroupRef {
    std::int64_t id = 0;
    std::string name;
    bool operator==(const GroupRef&) const = default;
};

/// A user. Ids of users, groups and tokens are small and never reused.
struct Account {
    std::int64_t id = 0;
    std::string name;
    std::optional<std::string> email{};
    bool active = true;           ///< else nothing proves who it is: no password, no token
    Role role = Role::operator_;  ///< the strongest of the account's groups; Operator in no group
    bool has_password = false;
    Micros created = 0;
    std::vector<GroupRef> groups{};
};

struct Group {
    std::int64_t id = 0;
    std::string name;
    Role role = Role::viewer;
    std::int64_t members = 0;
};

/// What is known of a token; its secret is not.
struct Token {
    std::int64_t id = 0;
    std::int64_t account = 0;
    std::string account_name;
    std::string name;
    Scope scope = Scope::read;
    Micros created = 0;
    std::optional<Micros> expires{};
    std::optional<Micros> used{};           ///< when it was last used, to the minute
    std::optional<std::int64_t> made_by{};  ///< the token that made it, if one did; it may be gone
};

/// The account of every request while auth.enabled is off: nobody is asked who they are.
inline constexpr std::int64_t kAnybody = -1;

/// Who makes a request, and how much the credentials are good for.
struct Principal {
    std::int64_t account = 0;
    std::string name;
    Role role = Role::viewer;
    Scope scope = Scope::read;
    std::optional<Micros> expires{};      ///< when the credentials end
    std::optional<std::int64_t> token{};  ///< its id; nothing: they are no token
};

}  // namespace foliot
