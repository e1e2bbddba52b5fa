// The options by which `module run` and `module check` are told what to call.
#pragma once

#include "cli/options.hpp"
#include "cli/run_request.hpp"

namespace foliot::cli {

/// --args, a JSON list, or an object for named ones; --kwargs, a JSON object.
/// Throws UsageError for what is neither, or does not fit the function's parameters.
void take_arguments(const Options& options, RunRequest& request);

/// --config, a JSON object.
void take_config(const Options& options, RunRequest& request);

/// Throws UsageError naming those there are.
const module::Function& function_of(const module::Module& module, const std::string& name);

}  // namespace foliot::cli
