// Recovery: what an earlier life of this node left behind.
#pragma once

#include "process/ledger.hpp"
#include "process/privileges.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>

namespace foliot::engine {

/// First makes sure that no worker of an earlier life runs, then judges its runs by the ledger, then empties the
/// ledger. Throws std::runtime_error when a worker cannot be killed: two servers' workers must never run side by side.
/// `name`: of this host. `user`: as whom jobs run; then the ledger, which they can write, is believed only about
/// processes of theirs and of the worker program.
store::Fence join_and_recover(store::Store& store, process::Ledger& ledger, const std::string& name,
                              const std::optional<process::JobUser>& user = {});

}  // namespace foliot::engine
