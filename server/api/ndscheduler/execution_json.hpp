#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "store/store.hpp"

#include <functional>
#include <string>

namespace foliot::api::ndscheduler {

struct ExecutionStyle {
    std::string hostname;  ///< of this node
    std::function<std::string(RunId)> public_id;
};

/// Adds the execution as an object, its fields in the dialect's order, then our own.
void write_execution(json::Writer& writer, const store::RunView& run, const ExecutionStyle& style);

Schema execution_schema();

}  // namespace foliot::api::ndscheduler
