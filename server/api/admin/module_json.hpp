// Modules and functions as JSON.
#pragma once

#include "api/http/schema.hpp"
#include "base/json.hpp"
#include "module/catalogue.hpp"
#include "service/modules.hpp"

namespace foliot::api::admin {

/// With the names of ndscheduler's page beside ours: job_class_string, notes, arguments, example_arguments.
/// `configured`: the limits of every job.
void write_function(json::Writer& writer, const module::Module& module, const module::Function& function,
                    const ResourceLimits& configured);
Schema function_schema();

enum class Functions { names, whole };
void write_module(json::Writer& writer, const module::Module& module, const service::Modules& modules,
                  Functions functions);
Schema module_schema(Functions functions);

}  // namespace foliot::api::admin
