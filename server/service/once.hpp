// Requests that are done once although they are sent again, because their answer was lost.
#pragma once

#include "service/caller.hpp"
#include "service/vault.hpp"
#include "store/store.hpp"

#include <functional>
#include <string>

namespace foliot::service {

/// Keys are remembered with a hash of what was asked that tells nothing without the vault's key: it may hold secrets.
/// In a unit: what `make` answers, the id of what it made; or the id that it answered for the same request of the
/// account before. Keys are remembered for a day. Throws RequestError (conflict) when the key came with another
/// request.
std::string once(store::Tx& tx, const Caller& caller, const Vault& vault, const std::function<std::string()>& make);

}  // namespace foliot::service
