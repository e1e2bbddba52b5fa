// Who may do what: power is role AND scope.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace foliot {

enum class Role {
    viewer = 0,
    operator_ = 1,
    admin = 2
};  ///< Viewers read; Operators also change and run jobs; Admins everything
enum class Scope { read = 0, run = 1, write = 2, admin = 3 };

struct Account {
    std::int64_t id = 0;
    std::string name;
    Role role = Role::operator_;  ///< the strongest of the account's groups; Operator in no group
};

struct TokenRecord {
    std::int64_t account = 0;
    std::string hash;  ///< BLAKE2b-256 of the secret, 32 bytes; the secret itself is never stored
    std::string name;
    Scope scope = Scope::admin;
    std::optional<Micros> expires;
};

/// Who makes a request.
struct Principal {
    std::int64_t account = 0;
    std::string name;
    Role role = Role::viewer;
    Scope scope = Scope::read;
};

}  // namespace foliot
