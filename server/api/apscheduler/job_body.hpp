// What a client says of a job: the body of POST and PATCH.
#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "service/jobs.hpp"

#include <initializer_list>
#include <string_view>

namespace foliot::api::apscheduler {

/// The body as JSON. Throws RequestError (malformed). `body` must outlive the value.
json::Value parse_body(std::string_view body);

/// Both throw RequestError (invalid) naming the field: unknown, missing, of the wrong type or value. What they return
/// refers to `body`, which must outlive it. `zone`: of triggers and times that name none.
service::NewJob new_job(const json::Value& body, const trigger::ZonePtr& zone = {});
/// Also not_found: the job `id` is in no other job store than 'default'.
service::JobEdit job_edit(std::string_view id, const json::Value& body, const trigger::ZonePtr& zone = {});

/// The trigger alone, as a new job would have it. Fields that are none of a trigger are unknown, but for `others`.
trigger::Trigger trigger_of(const json::Value& body, std::initializer_list<std::string_view> others, Micros now,
                            const trigger::ZonePtr& zone);

Schema new_job_schema();
Schema job_edit_schema();

}  // namespace foliot::api::apscheduler
