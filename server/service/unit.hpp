// How the services use the store: its failures become errors of the request.
#pragma once

#include "store/store.hpp"

#include <functional>
#include <memory>

namespace foliot::service {

/// One unit of class api, answered after its commit. Throws RequestError: what the unit threw, conflict or not_found
/// for what the store refused, unavailable when it cannot write (nothing was changed) or does not know whether it did.
void write(store::Store& store, const std::function<void(store::Tx&)>& unit);

/// Calls `use` with a snapshot and closes it before returning: nothing slow may happen in between.
void read(store::Store& store, const std::function<void(store::Snapshot&)>& use);

}  // namespace foliot::service
