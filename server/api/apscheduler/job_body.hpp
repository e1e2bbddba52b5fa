// What a client says of a job: the body of POST and PATCH.
#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "service/jobs.hpp"

namespace foliot::api::apscheduler {

/// The body as JSON. Throws RequestError (malformed). `body` must outlive the value.
json::Value parse_body(std::string_view body);

/// Both throw RequestError (invalid) naming the field: unknown, missing, of the wrong type or value. What they return
/// refers to `body`, which must outlive it.
service::NewJob new_job(const json::Value& body);
/// Also not_found: the job `id` is in no other job store than 'default'.
service::JobEdit job_edit(std::string_view id, const json::Value& body);

Schema new_job_schema();
Schema job_edit_schema();

}  // namespace foliot::api::apscheduler
