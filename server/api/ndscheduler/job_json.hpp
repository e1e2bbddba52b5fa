#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "domain/job.hpp"

#include <string>

namespace foliot::api::ndscheduler {

/// Adds the job as an object: its fields in the dialect's order, then our own.
void write_job(json::Writer& writer, const Job& job);

Schema job_schema();

/// Names the job's definition, and as a tag also when it fires next: what is shown of it, without its quotes.
std::string version_of(const JobState& job);
std::string tag_of(const JobState& job);

}  // namespace foliot::api::ndscheduler
