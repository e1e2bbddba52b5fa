// Recovery: what an earlier life of this node left behind.
#pragma once

#include "process/ledger.hpp"
#include "store/store.hpp"

#include <string>

namespace foliot::engine {

/// First makes sure that no worker of an earlier life runs, then judges its runs by the ledger, then empties the
/// ledger. Throws std::runtime_error when a worker cannot be killed: two servers' workers must never run side by side.
/// `name`: of this host.
store::Fence join_and_recover(store::Store& store, process::Ledger& ledger, const std::string& name);

}  // namespace foliot::engine
