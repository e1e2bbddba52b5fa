// What a client says of a job: the bodies of POST and PUT, and of a run by hand.
#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "service/jobs.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace foliot::api::ndscheduler {

/// Both throw RequestError (invalid) naming the field. What they return refers to `body`, which must outlive it.
service::NewJob new_job(const json::Value& body, const trigger::ZonePtr& zone);
/// What is sent back as it is shown changes nothing, and a next run that has passed is such. `zone`: of times that name
/// none.
service::JobEdit job_edit(const json::Value& body, std::string_view id, Micros now, const trigger::ZonePtr& zone);

struct RunBody {
    std::string job_id;
    service::ManualArguments arguments;
};
/// `id`: of the path, when it has one; then the body may be empty.
RunBody run_body(std::string_view body, const std::optional<std::string>& id);

Schema new_job_schema();
Schema job_edit_schema();
Schema run_schema(bool id_in_path);

}  // namespace foliot::api::ndscheduler
