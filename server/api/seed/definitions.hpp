// The trigger that cron_definition and interval_definition of a body ask for.
#pragma once

#include "service/job_edit.hpp"
#include "trigger/seed_definitions.hpp"

#include <optional>
#include <string>

namespace foliot::api::seed {

/// What a body asks for: what is absent stays as it is, nothing inside takes it away. The texts are right by
/// themselves.
struct DefinitionsWish {
    std::optional<std::optional<std::string>> cron, interval;
    bool empty() const { return !cron && !interval; }
};
/// What is sent back as it is shown leaves the trigger as it is. `zone`: of new ones.
service::TriggerEdit trigger_edit(DefinitionsWish wish, trigger::ZonePtr zone);

}  // namespace foliot::api::seed
