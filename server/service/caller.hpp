// Who asks, through which door, and whether that is power enough.
#pragma once

#include "domain/account.hpp"

#include <string_view>

namespace foliot::service {

struct Caller {
    const Principal& who;
    std::string_view via;  ///< the dialect, for the audit
};

/// What a use case demands. Power is role AND scope, each at least this much. `self`: change one's own account and
/// tokens; `inspect`: read what only Admins may.
enum class Power { read, run, write, admin, self, inspect };

bool has_power(const Principal& who, Power power);

/// Throws RequestError: unauthenticated for nobody (account 0), forbidden for too little power. `action` completes
/// "... may not ACTION".
void require(const Caller& caller, Power power, std::string_view action);

}  // namespace foliot::service
