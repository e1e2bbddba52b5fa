// cron_definition and interval_definition: what a trigger says in Seed's words, and the trigger of such words.
#pragma once

#include "service/job_edit.hpp"
#include "trigger/trigger.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::api::seed {

/// As they are shown. Both nothing: a trigger that they cannot say, or none.
struct Definitions {
    std::optional<std::string> cron, interval;
    bool operator==(const Definitions&) const = default;
};
Definitions definitions_of(const trigger::Trigger& trigger);

/// "5 hours". Throws RequestError (invalid) naming "interval_definition", in the words of Seed's.
Micros length_in(std::string_view definition);

/// What a body asks for: what is absent stays as it is, nothing inside takes it away. The texts are right by
/// themselves.
struct DefinitionsWish {
    std::optional<std::optional<std::string>> cron, interval;
    bool empty() const { return !cron && !interval; }
};
/// What is sent back as it is shown leaves the trigger as it is. `zone`: of new ones.
service::TriggerEdit trigger_edit(DefinitionsWish wish, trigger::ZonePtr zone);

}  // namespace foliot::api::seed
