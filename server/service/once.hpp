// Requests that are done once although they are sent again, because their answer was lost.
#pragma once

#include "service/caller.hpp"
#include "store/store.hpp"

#include <functional>
#include <string>

namespace foliot::service {

/// In a unit: what `make` answers, the id of what it made; or the id that it answered for the same request of the
/// account before. Keys are remembered for a day. Throws RequestError (conflict) when the key came with another
/// request.
std::string once(store::Tx& tx, const Caller& caller, const std::function<std::string()>& make);

}  // namespace foliot::service
