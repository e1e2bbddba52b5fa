// What webhooks are told of a thing: JSON for people's programs, without any secret.
#pragma once

#include "store/store.hpp"

#include <string>
#include <string_view>

namespace foliot::service {

/// `changes`: "field: old -> new" lines; "": none.
std::string hook_data(const Job& job, std::string_view changes);
std::string hook_data(const store::RunView& run, const PublicIds& ids);
/// A job that calls http:post, as the Seed Scheduler tells of a schedule.
std::string hook_data_of_schedule(const Job& job, const PublicIds& ids, Micros now);

/// Is it what the Seed Scheduler calls a schedule?
bool is_schedule(const Job& job);

}  // namespace foliot::service
