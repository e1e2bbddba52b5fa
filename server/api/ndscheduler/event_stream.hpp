// Server-sent events: what executions, jobs and modules become, each as GET shows it.
#pragma once

#include "api/http/streamed_body.hpp"
#include "api/ndscheduler/execution_json.hpp"
#include "service/watching.hpp"

#include <memory>

namespace foliot::api::ndscheduler {

/// What is larger than that as JSON is told by its id and its state: "truncated", GET shows it whole.
inline constexpr std::size_t kLargestEvent = 16U << 10U;

std::shared_ptr<StreamedBody> event_stream(std::unique_ptr<service::Watcher> watcher, const ExecutionStyle& style);

}  // namespace foliot::api::ndscheduler
