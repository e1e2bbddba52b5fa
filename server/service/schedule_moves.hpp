// How jobs follow the shared schedule that they use, inside a unit.
#pragma once

#include "service/caller.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>

namespace foliot::service {

/// Gives up to `limit` of the jobs after that key which go by an older revision what the schedule says now: their fires
/// up to now are booked by the old rule first. Answers the last key when there may be more.
std::optional<std::int64_t> move_users(store::Tx& tx, const Caller& caller, const Schedule& schedule,
                                       std::int64_t after, std::size_t limit);

/// Up to `limit` of the jobs after that key which use it keep what it says as their own trigger; their times stay.
/// Answers the last key when there may be more. Jobs that cannot be read go on using it.
std::optional<std::int64_t> detach_users(store::Tx& tx, const Caller& caller, std::int64_t schedule, std::int64_t after,
                                         std::size_t limit);

}  // namespace foliot::service
