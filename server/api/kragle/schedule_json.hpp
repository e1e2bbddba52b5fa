// Shared schedules as Kragle's clients write and read them: {"id", "name", "once", "config"}.
#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "service/schedules.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::api::kragle {

/// Which schedule a body is of: a new one, that of the path, the one it names.
enum class Which { fresh, by_path, by_body };

struct ScheduleBody {
    std::optional<std::int64_t> id{};
    service::ScheduleEdit edit{};
};

/// Throws RequestError: malformed for what is no JSON, invalid naming the member; of a config always "config".
/// What it returns is good without `body`.
ScheduleBody schedule_body(std::string_view body, Which which, const trigger::ZonePtr& zone);

void write_schedule(json::Writer& writer, const Schedule& schedule);

/// The same, with the ids of the jobs that use it when they are given.
std::string schedule_json(const Schedule& schedule, const std::vector<std::string>* jobs = nullptr);

Schema schedule_schema();
Schema new_schedule_schema();
Schema schedule_edit_schema(Which which);
/// Of write_schedule(), and what one schedule has beside: for guests it has not.
Schema one_schedule_schema(bool for_guests);

}  // namespace foliot::api::kragle
