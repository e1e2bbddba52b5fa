// What an execution writes, as it comes.
#pragma once

#include "api/http/streamed_body.hpp"
#include "api/ndscheduler/output_forms.hpp"
#include "service/executions.hpp"

#include <memory>

namespace foliot::api::ndscheduler {

std::shared_ptr<StreamedBody> log_stream(const service::Following& following, const OutputQuery& query);

}  // namespace foliot::api::ndscheduler
