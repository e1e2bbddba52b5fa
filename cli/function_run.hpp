// The options by which `module run` and `module check` are told what to call, and how.
#pragma once

#include "cli/options.hpp"
#include "cli/run_request.hpp"

namespace foliot::cli {

/// A command's own options, and those that call_of() reads.
std::vector<OptionSpec> with_call_options(std::vector<OptionSpec> own);

/// The call of a function by --args (a JSON list, or an object for named ones), --kwargs and --config (JSON objects)
/// and
/// --grace. Throws UsageError for what is none of these or does not fit the function's parameters; for a function that
/// is not there, with the names of those that are.
RunRequest call_of(const Options& options, std::shared_ptr<const module::Module> module, const std::string& function);

}  // namespace foliot::cli
