// What an execution wrote as plain text, whole or as it comes.
#pragma once

#include "api/http/operation.hpp"
#include "api/http/streamed_body.hpp"
#include "service/executions.hpp"

#include <memory>
#include <string>
#include <vector>

namespace foliot::api::ndscheduler {

/// Log lines with their times, all else as it was written.
std::string log_text(const std::vector<OutputChunk>& chunks);
std::shared_ptr<StreamedBody> log_stream(const service::Following& following);

std::vector<QueryParameter> log_query_parameters();

}  // namespace foliot::api::ndscheduler
