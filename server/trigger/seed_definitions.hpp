// Triggers in the words of Seed Scheduler: a cron_definition (make_seed_cron()), an interval_definition, or both.
#pragma once

#include "trigger/trigger.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::trigger {

/// Both nothing: a trigger that they cannot say, or none.
struct SeedDefinitions {
    std::optional<std::string> cron, interval;
    bool operator==(const SeedDefinitions&) const = default;
};
/// As they were written, else the shortest that say the same.
SeedDefinitions seed_definitions(const Trigger& trigger);

/// Of the trigger itself; null: it has none. Both null when the definitions cannot say it.
struct SeedParts {
    const Cron* cron = nullptr;
    const Interval* interval = nullptr;
};
SeedParts seed_parts(const Trigger& trigger);

/// "5 hours". Throws RequestError (invalid) naming "interval_definition", in the words of Seed's.
Micros seed_length(std::string_view definition);

}  // namespace foliot::trigger
