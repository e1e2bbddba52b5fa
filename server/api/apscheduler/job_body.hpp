// What a client says of a job: the body of POST and PATCH.
#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "service/jobs.hpp"

namespace foliot::api::apscheduler {

/// The body as JSON; a byte order mark is skipped. Throws RequestError (malformed). `body` must outlive the value.
json::Value parse_body(std::string_view body);

/// Both throw RequestError (invalid) naming the field: unknown, missing, of the wrong type or value. What they return
/// refers to `body`, which must outlive it.
service::NewJob new_job(const json::Value& body);
service::JobEdit job_edit(const json::Value& body);

Schema new_job_schema();
Schema job_edit_schema();

}  // namespace foliot::api::apscheduler
