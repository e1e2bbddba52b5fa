#pragma once

#include "api/ndscheduler/execution_json.hpp"
#include "service/history.hpp"

#include <string>
#include <string_view>

namespace foliot::api::admin {

std::string explain_json(std::string_view job_id, const service::FireReport& report,
                         const ndscheduler::ExecutionStyle& style);
std::string next_json(std::string_view job_id, const service::NextFires& next);

Schema explain_schema();
Schema next_schema();

}  // namespace foliot::api::admin
