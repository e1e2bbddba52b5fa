#pragma once

#include "api/ndscheduler/execution_json.hpp"
#include "service/history.hpp"

#include <string>
#include <string_view>

namespace foliot::api::admin {

std::string explain_json(std::string_view job_id, const service::FireReport& report,
                         const ndscheduler::ExecutionStyle& style);
/// `id` is the run's public one.
std::string explain_run_json(std::string_view id, const service::RunReport& report);
std::string next_json(std::string_view job_id, const service::NextFires& next);

Schema explain_schema();
Schema explain_run_schema();
Schema next_schema();

}  // namespace foliot::api::admin
