// The fields of a job's body beside its id and trigger: one table for every dialect, whatever it calls them.
#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "service/job_edit.hpp"

#include <map>
#include <string_view>

namespace foliot::api::apscheduler {

struct JobField {
    Schema schema;
    /// Takes the value into the edit; throws RequestError (invalid) with `name`, by which the caller's dialect calls
    /// the field. Null of next_run_time: see take_next_run().
    void (*take)(std::string_view name, const json::Value& value, service::JobEdit& edit);
};

/// By the name that this dialect has for it.
const std::map<std::string_view, JobField>& job_fields();

/// The next run by hand, null for a pause; without an offset it is local time in `zone`.
void take_next_run(const json::Value& value, service::JobEdit& edit, const trigger::ZonePtr& zone);

/// There is one job store, 'default'; null is as good.
bool is_default_store(const json::Value& value);

}  // namespace foliot::api::apscheduler
