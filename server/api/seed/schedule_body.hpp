// What a request says of a schedule.
#pragma once

#include "api/http/router.hpp"
#include "api/seed/definitions.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>

namespace foliot::api::seed {

/// What is absent stays as it is.
struct ScheduleBody {
    std::optional<std::string> endpoint, payload;          ///< JSON
    std::optional<std::optional<std::string>> auth_token;  ///< likewise; nothing inside: none any more
    std::optional<std::optional<std::int64_t>> frequency;
    std::optional<bool> enabled;
    DefinitionsWish definitions;
};

enum class Given { whole, part };

/// `given`: whether an endpoint must be there (PUT and POST). Throws as Fields do.
ScheduleBody schedule_body(const Request& request, Given given);

/// A null for a token that `who` is shown as null is sent back as it is shown.
service::JobEdit edit_of(const ScheduleBody& body, const store::JobRecord& present, const Principal& who,
                         const trigger::ZonePtr& zone);
service::JobEdit new_schedule(const ScheduleBody& body, const trigger::ZonePtr& zone);

Schema schedule_body_schema(Given given);

}  // namespace foliot::api::seed
