// Who asks, through which door, and whether that is power enough.
#pragma once

#include "domain/account.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::service {

/// A request that is to be done at most once, however often it is sent (its Idempotency-Key).
struct Once {
    std::string key;
    std::string asked;  ///< hash of what it asks for
};

struct Caller {
    const Principal& who;
    std::string_view via;  ///< the dialect, for the audit
    std::optional<Once> once{};
};

/// What a use case demands. Power is role AND scope, each at least this much. `self`: change one's own account and
/// tokens; `inspect`: read what only Admins may.
enum class Power { read, run, write, admin, self, inspect };

bool has_power(const Principal& who, Power power);

/// Throws RequestError: unauthenticated for nobody (account 0), forbidden for too little power. `action` completes
/// "... may not ACTION".
void require(const Caller& caller, Power power, std::string_view action);

}  // namespace foliot::service
